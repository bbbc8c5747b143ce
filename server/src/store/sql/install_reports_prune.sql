delete from install_reports where day < $1
