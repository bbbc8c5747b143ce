insert into session_identity (
    session_id, organization_id, chatbot_id, verified, user_id, name, email, created_at, updated_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
on conflict (session_id) do update
set verified = excluded.verified, user_id = excluded.user_id, name = excluded.name, email = excluded.email,
    updated_at = excluded.updated_at
