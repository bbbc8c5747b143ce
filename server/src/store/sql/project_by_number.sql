select id, organization_id from projects where number = $1
