# Keeps one PostgreSQL server for as long as somebody holds this script's standard input open. The test process
# holds the other end of that pipe, so that the server goes when it goes, were it by SIGKILL.
#
# Called as: sh keeper.sh FOLDER BIN PORT SETTINGS
# FOLDER holds the superuser's password in the file "password", and goes at the end. Says "ready" on standard output.
set -eu
folder=$1 bin=$2 port=$3 settings=$4

cd "$folder"
trap 'rm -rf "$folder"' EXIT

"$bin/initdb" --pgdata=data --username=postgres --pwfile=password --auth=password --encoding=UTF8 \
	--no-locale --locale-provider=icu --icu-locale=und --no-sync
# pg_ctl waits until the server accepts connections, by what the server itself writes into its folder: nobody else
# who happens to listen on the port can be taken for it.
"$bin/pg_ctl" start --wait --silent --pgdata=data --log=server.log --options="-k '$folder' -p $port $settings" || {
	cat server.log
	exit 1
}
echo ready
exec >server.log 2>&1

read -r _ || true
"$bin/pg_ctl" stop --silent --mode=immediate --pgdata=data
