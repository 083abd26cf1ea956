<?php
// Sells, changes and cancels a license with PHP's own SoapClient, and says what it got; clients_test.go has what is said.
//
// Usage: php client.php WSDL-URL FAILING-URL 1.1|1.2 basic|text NAME SECRET REQUEST-ID
[, $wsdl, $failing, $version, $auth, $name, $secret, $id] = $argv;

function client(string $secret, ?string $location = null): SoapClient
{
    global $wsdl, $version, $auth, $name;
    $options = [
        'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    ];
    $client = new SoapClient($wsdl, $auth === 'basic' ? $options + ['login' => $name, 'password' => $secret] : $options);
    if ($auth === 'text') {
        $client->__setSoapHeaders([usernameToken($name, $secret)]);
    }
    if ($location !== null) {
        $client->__setLocation($location);
    }
    return $client;
}

function usernameToken(string $name, string $secret): SoapHeader
{
    $wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
    $text = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';
    $token = sprintf(
        '<wsse:Security xmlns:wsse="%s"><wsse:UsernameToken><wsse:Username>%s</wsse:Username>'
        . '<wsse:Password Type="%s">%s</wsse:Password></wsse:UsernameToken></wsse:Security>',
        $wsse, htmlspecialchars($name), $text, htmlspecialchars($secret)
    );
    return new SoapHeader($wsse, 'Security', new SoapVar($token, XSD_ANYXML), true);
}

function say(...$words): void
{
    echo implode("\t", array_map(fn ($w) => is_bool($w) ? ($w ? 'true' : 'false') : $w, $words)), "\n";
}

function fault(callable $call): void
{
    try {
        $call();
        say('no fault');
    } catch (SoapFault $e) {
        $fault = $e->detail->fault;
        say('fault', $fault->code, $fault->field ?? '');
    }
}

$seats = fn ($license) => $license->parameters->parameter[0]->value;
$request = [
    'requestId' => $id, 'group' => 'northwind', 'category' => 'partner', 'product' => 'AUR-SUITE', 'quantity' => 2,
    'customer' => ['name' => 'Zoë <Müller> & Söhne', 'country' => 'DE'],
    'parameters' => ['parameter' => [['name' => 'seats', 'value' => '5']]], 'test' => true,
];
$kontor = client($secret);

$created = $kontor->CreateLicense($request);
$license = $created->licenses->license[0];
say('create', $created->orderNumber, $created->replayed, $license->ticket, $license->quantity, $license->customer->name);
$again = $kontor->CreateLicense($request);
say('replay', $again->orderNumber, $again->replayed, $again->licenses->license[0]->ticket);

$modified = $kontor->ModifyLicense(['requestId' => "$id-modify", 'ticket' => $license->ticket, 'customer' => ['name' => 'Søren & Åse'],
    'parameters' => ['parameter' => [['name' => 'seats', 'value' => '8']]]]);
say('modify', $modified->replayed, $modified->license->customer->name, $seats($modified->license));
$read = $kontor->GetLicense(['ticket' => $license->ticket])->license;
say('read', $read->ticket, $read->state, $seats($read), $read->customer->name, $read->test);
$order = $kontor->GetOrder(['orderNumber' => $created->orderNumber])->order;
say('order', $order->orderNumber, $order->group, $order->licenses->license[0]->ticket);

$cancel = ['requestId' => "$id-cancel", 'ticket' => $license->ticket, 'reason' => 'sold <out>', 'ifLate' => 'refuse'];
foreach (['cancel', 'cancel again'] as $step) {
    $cancelled = $kontor->CancelSubscription($cancel);
    say($step, $cancelled->subscription->state, $cancelled->receipt->inTime, $cancelled->replayed);
}
$reported = $kontor->ReportDocument(['requestId' => "$id-report", 'orderNumber' => $created->orderNumber, 'connector' => 'ledger',
    'state' => 'accepted', 'number' => 'L-1']);
foreach ($reported->order->documents->document as $document) {
    if ($document->connector === 'ledger') {
        say('report', $document->state, $document->number, $reported->replayed);
    }
}

$whole = [
    'requestId' => "$id-whole", 'group' => 'northwind', 'customer' => ['name' => 'Grace Hopper'],
    'lines' => ['line' => [
        ['externalLine' => '10', 'category' => 'partner', 'product' => 'AUR-SUITE', 'quantity' => 3,
            'parameters' => ['parameter' => [['name' => 'seats', 'value' => '5']]]],
        ['externalLine' => '20', 'category' => 'partner', 'product' => 'AUR-DESIGN-DEMO'],
    ]],
];
foreach (['whole order', 'whole order again'] as $step) {
    $sent = $kontor->CreateOrder($whole);
    say($step, $sent->replayed);
    foreach ($sent->order->lines->line as $line) {
        say('line', $line->externalLine, $line->product, $line->quantity, count($line->tickets->ticket));
    }
}

$another = fn (array $change) => fn () => $kontor->CreateLicense(array_replace($request, ['requestId' => "$id-fault"], $change));
fault($another(['parameters' => ['parameter' => [['name' => 'seats', 'value' => '5000']]]]));
fault($another(['quantity' => 0]));
fault($another(['product' => 'NOTHING']));
fault(fn () => $kontor->GetLicense(['ticket' => '23456-789AB-CDEFG-HJKLM-NPQRH']));
fault($another(['requestId' => $id, 'quantity' => 3]));
fault(fn () => $kontor->CancelSubscription(['requestId' => "$id-fault"] + $cancel));
$whole['lines']['line'][1]['product'] = 'NOTHING';
fault(fn () => $kontor->CreateOrder(['requestId' => "$id-fault"] + $whole));
fault($another(['customer' => ['name' => str_repeat('x', 1100000)]]));
fault(fn () => client('wrong')->GetLicense(['ticket' => $license->ticket]));
foreach (['exhausted', 'unavailable', 'internal'] as $code) {
    fault(fn () => client($secret, $failing)->GetLicense(['ticket' => $code]));
}
