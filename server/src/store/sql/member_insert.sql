insert into members (organization_id, account_id, role, created_at) values ($1, $2, 'owner', $3)
