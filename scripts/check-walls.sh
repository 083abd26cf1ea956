#!/usr/bin/env bash
# Proves that the walls in .golangci.yml hold: plants forbidden and allowed imports in a module made for the purpose,
# lints it with our configuration, and looks whether exactly the forbidden ones are refused.
set -euo pipefail
cd "$(dirname "$0")/.."

lint=$(go tool -modfile=tools/go.mod -n golangci-lint)
module=$(mktemp -d)
trap 'rm -rf "$module"' EXIT
cp .golangci.yml "$module/"
cd "$module"

package() { # FOLDER [IMPORT]: an empty package, or one with a single import
	mkdir -p "$1"
	printf 'package stone\n\n%s\n' "${2:+import _ \"$2\"}" >"$1/stone.go"
}

# What can be imported: our own packages, and other people's by name only.
for folder in internal/{licensing,usecase,access,catalog,ordering,subscriptions,fulfillment,connecting} \
	internal/{sqlstore,jobs,signing,pgtest} migrations wsdl policies portal soapbridge/inbound soapbridge/outbound; do
	package "$folder"
done
printf 'module kontor\n\ngo 1.26\n' >go.mod
for name in github.com/gin-gonic/gin github.com/lib/pq modernc.org/sqlite github.com/casbin/casbin/v2; do
	version=v0.0.0
	[[ $name != */v2 ]] || version=v2.0.0
	package "others/$name"
	printf 'module %s\n\ngo 1.26\n' "$name" >"others/$name/go.mod"
	printf 'require %s %s\nreplace %s => ./others/%s\n' "$name" "$version" "$name" "$name" >>go.mod
done

forbidden='
internal/licensing     kontor/internal/usecase
internal/licensing     kontor/wsdl
internal/licensing     database/sql
internal/licensing     net/http
internal/licensing     os
migrations             kontor/internal/licensing
wsdl                   kontor/internal/licensing
internal/usecase       kontor/policies
internal/usecase       kontor/internal/sqlstore
internal/access        kontor/internal/catalog
internal/catalog       kontor/internal/ordering
internal/ordering      kontor/internal/subscriptions
internal/ordering      kontor/internal/sqlstore
internal/ordering      kontor/policies
internal/ordering      database/sql
internal/ordering      net/http
internal/ordering      github.com/gin-gonic/gin
internal/subscriptions kontor/internal/jobs
internal/fulfillment   kontor/internal/signing
internal/connecting    kontor/soapbridge/outbound
policies               kontor/internal/usecase
policies               database/sql
portal                 kontor/internal/sqlstore
portal                 kontor/internal/jobs
portal                 kontor/policies
portal                 kontor/soapbridge/inbound
portal                 database/sql
soapbridge/inbound     kontor/internal/sqlstore
soapbridge/inbound     kontor/internal/jobs
soapbridge/inbound     kontor/policies
soapbridge/inbound     kontor/portal
soapbridge/inbound     github.com/gin-gonic/gin
soapbridge/outbound    kontor/portal
soapbridge/outbound    database/sql
internal/signing       github.com/lib/pq
internal/signing       modernc.org/sqlite
internal/signing       github.com/casbin/casbin/v2
'
allowed='
internal/licensing     strings
internal/usecase       kontor/internal/licensing
internal/ordering      kontor/internal/licensing
internal/ordering      kontor/internal/usecase
policies               kontor/internal/licensing
policies               github.com/casbin/casbin/v2
portal                 kontor/internal/ordering
portal                 github.com/gin-gonic/gin
soapbridge/inbound     kontor/internal/ordering
soapbridge/inbound     kontor/wsdl
soapbridge/outbound    kontor/wsdl
internal/sqlstore      kontor/migrations
internal/sqlstore      database/sql
internal/sqlstore      github.com/lib/pq
internal/jobs          modernc.org/sqlite
migrations             database/sql
cmd/kontor             kontor/internal/sqlstore
cmd/kontor             github.com/gin-gonic/gin
'
number=0
plant() { # KIND, and FOLDER IMPORT in each line of standard input
	while read -r folder import; do
		[[ -n $folder ]] || continue
		number=$((number + 1))
		package "$folder/$1$number" "$import"
	done
}
plant forbidden <<<"$forbidden"
plant allowed <<<"$allowed"

"$lint" run --enable-only depguard --allow-parallel-runners >report || true
refused=$(grep -o '^[^:]*/stone\.go:[0-9]*:[0-9]*: import .* (depguard)' report | cut -d: -f1 | sort -u || true)
planted=$(find . -path '*/forbidden*/stone.go' -printf '%P\n' | sort)
if [[ $refused != "$planted" ]]; then
	echo "The walls do not hold. Planted (<) and refused (>) imports differ:" >&2
	diff <(echo "$planted") <(echo "$refused") >&2 || true
	exit 1
fi
echo "The walls hold: $(wc -l <<<"$planted") forbidden imports were refused, and nothing else."
