select id, organization_id, project_id, public_id, slug, published_version, draft, provider_key
from chatbots where slug = $1
