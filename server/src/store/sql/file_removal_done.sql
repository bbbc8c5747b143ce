delete from file_removals where id = $1
