select id, organization_id, project_id, public_id, slug, published_version, draft, provider_key, identity_secret,
    identity_previous
from chatbots where slug = $1
