select id, session_id, question_id, answer_id, status, text, sources, finish_reason, created_at, ended_at
from turns where session_id = $1 and id = $2
