#!/usr/bin/env bash
# Makes sure that everything the tests call is there: a browser, SOAP toolkits of other languages, xmllint, PostgreSQL and a C
# compiler for the race detector. As root on Debian it installs what is missing; anybody else is told what to install.
set -euo pipefail

missing=()
need() { # PACKAGE COMMAND…: the Debian package that makes the command work
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}

postgresql() {
	[[ -n ${KONTOR_TEST_POSTGRES:-}${KONTOR_TEST_POSTGRES_BIN:-} ]] || command -v pg_ctl ||
		compgen -G '/usr/lib/postgresql/*/bin/pg_ctl'
}
php_has() { php -r "exit(extension_loaded('$1') ? 0 : 1);"; }
# Debian's Python sees Debian's packages; another one that comes first in PATH does not.
signing_zeep() { python3 -c 'import zeep, xmlsec' || /usr/bin/python3 -c 'import zeep, xmlsec'; }
zeep() { python3 -c 'import zeep' || /usr/bin/python3 -c 'import zeep'; }

need gcc command -v "${CC:-gcc}"
need g++ command -v g++
need libc6-dev test -e /usr/include/stdlib.h
need chromium command -v chromium
need php-cli command -v php
need php-soap php_has soap
need php-xml php_has dom
need python3-zeep zeep
need python3-xmlsec signing_zeep
need python3-xmlschema /usr/bin/python3 -c 'import xmlschema'
need nodejs command -v node
need npm command -v npm
need libsoap-lite-perl perl -e 'use SOAP::Lite'
need default-jdk-headless command -v javac
need libjaxws-java test -e /usr/share/java/jaxws-tools.jar
need mono-mcs command -v mcs
need mono-runtime command -v mono
need libmono-system-net-http4.0-cil test -e /usr/lib/mono/4.5/System.Net.Http.dll
need libmono-system-xml-linq4.0-cil test -e /usr/lib/mono/4.5/System.Xml.Linq.dll
need gsoap command -v soapcpp2
need libgsoap-dev test -e /usr/include/stdsoap2.h
need libxml2-utils command -v xmllint
need poppler-utils command -v pdftotext
need postgresql postgresql

install_missing() {
	if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
		echo "The tests need these Debian packages, or the same by other means: ${missing[*]}" >&2
		exit 1
	fi
	echo "Installing what the tests need: ${missing[*]}" >&2
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q
	apt-get install -q -y --no-install-recommends "${missing[@]}"
}
if ((${#missing[@]} > 0)); then
	install_missing
fi

# The SOAP client of node is no Debian package. What npm installs is pinned, with its hashes, by the lock file.
clients=$(dirname "$0")/../cmd/kontor/testdata/clients
if [[ ! $clients/node_modules/.package-lock.json -nt $clients/package-lock.json ]]; then
	npm ci --prefix "$clients" --ignore-scripts --no-audit --no-fund
fi
