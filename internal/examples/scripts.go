package examples

import (
	"encoding/json"
	"strings"

	"kontor/wsdl"
)

// writeCurl sends the envelope as it is.
func writeCurl(o wsdl.Operation, parts []part, v Values) string {
	return `# KONTOR_SECRET holds the secret of the service account.
curl -sS --fail-with-body ` + shellQuoted(v.Endpoint) + ` \
     -u ` + shellQuoted(v.Account+":") + `"$KONTOR_SECRET" \
     -H 'Content-Type: text/xml; charset=utf-8' -H ` + shellQuoted(`SOAPAction: "`+o.Action+`"`) + ` \
     --data-binary @- <<'XML'
<Envelope xmlns="` + soap11 + `">
  <Body>
` + payload(o, parts, "    ") + `  </Body>
</Envelope>
XML
`
}

func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func writePHP(o wsdl.Operation, parts []part, v Values) string {
	return `<?php
// KONTOR_SECRET holds the secret of the service account.
$client = new SoapClient(` + phpQuoted(v.Endpoint+"?wsdl") + `, [
    'login' => ` + phpQuoted(v.Account) + `,
    'password' => getenv('KONTOR_SECRET'),
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
try {
    $answer = $client->` + o.Name + `(` + dictionary(parts, "    ", phpSyntax) + `);
    print_r($answer);
} catch (SoapFault $e) {
    $fault = $e->detail->fault ?? null; // none when nothing answered
    fwrite(STDERR, $fault ? "$fault->code: $fault->message ($fault->reference)\n" : "$e->faultstring\n");
    exit(1);
}
`
}

func phpQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

func writePython(o wsdl.Operation, parts []part, v Values) string {
	return `import os
import sys

import requests
import zeep

session = requests.Session()
# KONTOR_SECRET holds the secret of the service account.
session.auth = (` + jsonQuoted(v.Account) + `, os.environ["KONTOR_SECRET"])
client = zeep.Client(` + jsonQuoted(v.Endpoint+"?wsdl") + `, transport=zeep.Transport(session=session))
try:
    answer = client.service.` + o.Name + `(**` + dictionary(parts, "    ", pythonSyntax) + `)
    print(answer)
except zeep.exceptions.Fault as e:
    fault = client.wsdl.types.deserialize(e.detail[0])
    sys.exit(f"{fault.code}: {fault.message} ({fault.reference})")
`
}

func writeNode(o wsdl.Operation, parts []part, v Values) string {
	return `import soap from "soap";

const client = await soap.createClientAsync(` + jsonQuoted(v.Endpoint+"?wsdl") + `);
// KONTOR_SECRET holds the secret of the service account.
client.setSecurity(new soap.BasicAuthSecurity(` + jsonQuoted(v.Account) + `, process.env.KONTOR_SECRET));
try {
  const [answer] = await client.` + o.Name + `Async(` + dictionary(parts, "  ", nodeSyntax) + `);
  console.log(JSON.stringify(answer, null, 2));
} catch (e) {
  const fault = e.root?.Envelope?.Body?.Fault?.detail?.fault; // none when nothing answered
  console.error(fault ? ` + "`${fault.code}: ${fault.message} (${fault.reference})`" + ` : e.message);
  process.exitCode = 1;
}
`
}

// jsonQuoted is a text in double quotes, as Python and JavaScript read it.
func jsonQuoted(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// syntax is how a language writes a message that is made of names and values.
type syntax struct {
	open, close         string // of names with values
	listOpen, listClose string
	key                 func(name string) string // with what stands between it and its value
	text                func(string) string
	yes, no             string
	step                string // of indentation
}

var (
	phpSyntax = syntax{
		open: "[", close: "]", listOpen: "[", listClose: "]", key: func(n string) string { return phpQuoted(n) + " => " }, text: phpQuoted,
		yes: "true", no: "false", step: "    ",
	}
	pythonSyntax = syntax{
		open: "{", close: "}", listOpen: "[", listClose: "]", key: func(n string) string { return jsonQuoted(n) + ": " }, text: jsonQuoted,
		yes: "True", no: "False", step: "    ",
	}
	nodeSyntax = syntax{
		open: "{", close: "}", listOpen: "[", listClose: "]", key: func(n string) string { return n + ": " }, text: jsonQuoted,
		yes: "true", no: "false", step: "  ",
	}
)

// dictionary writes parts as names with values; what may repeat is a list, also of one.
func dictionary(parts []part, indent string, s syntax) string {
	if len(parts) == 0 {
		return s.open + s.close
	}
	var b strings.Builder
	inner := indent + s.step
	b.WriteString(s.open + "\n")
	for _, group := range groups(parts) {
		b.WriteString(inner + s.key(group[0].name))
		if !group[0].many {
			b.WriteString(s.value(group[0], inner) + ",\n")
			continue
		}
		b.WriteString(s.listOpen + "\n")
		for _, p := range group {
			b.WriteString(inner + s.step + s.value(p, inner+s.step) + ",\n")
		}
		b.WriteString(inner + s.listClose + ",\n")
	}
	b.WriteString(indent + s.close)
	return b.String()
}

func (s syntax) value(p part, indent string) string {
	switch p.kind {
	case "":
		return dictionary(p.parts, indent, s)
	case "int", "decimal":
		return p.text
	case "boolean":
		if p.text == "true" {
			return s.yes
		}
		return s.no
	default:
		return s.text(p.text)
	}
}
