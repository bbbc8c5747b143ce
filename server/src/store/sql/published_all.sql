select c.id, c.organization_id, c.project_id, p.number as project_number, c.public_id, c.slug, v.number as version,
    v.config, c.provider_key, c.identity_secret, c.identity_previous
from chatbots c
join projects p on p.id = c.project_id
join chatbot_versions v on v.chatbot_id = c.id and v.number = c.published_version
order by p.number, c.created_at, c.id
