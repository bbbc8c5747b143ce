select epoch from config_epoch where id = 1
