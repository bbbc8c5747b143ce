select id, organization_id, project_id, public_id, slug, published_version, draft, provider_key
from chatbots where public_id = $1
