update config_epoch set epoch = epoch + 1 where id = 1
