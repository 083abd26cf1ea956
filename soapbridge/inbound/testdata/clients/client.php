<?php
// Calls every operation with PHP's own SoapClient, and says on standard output, in JSON, what it got.
//
// Usage: php client.php WSDL-URL 1.1|1.2 basic|text NAME SECRET GROUP CATEGORY PRODUCT PARAMETERS REQUEST-ID
// GROUP may be empty. PARAMETERS is a query string: seats=5&edition=pro
[, $wsdl, $version, $auth, $name, $secret, $group, $category, $product, $parameters, $requestId] = $argv;

$options = [
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
];
if ($auth === 'basic') {
    $options += ['login' => $name, 'password' => $secret];
}
$client = new SoapClient($wsdl, $options);
if ($auth === 'text') {
    $client->__setSoapHeaders([usernameToken($name, $secret)]);
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

$request = ['requestId' => $requestId, 'category' => $category, 'product' => $product, 'quantity' => 2,
    'customer' => ['name' => 'Zoë <Müller> & Söhne', 'country' => 'DE'], 'test' => true];
if ($group !== '') {
    $request['group'] = $group;
}
parse_str($parameters, $pairs);
foreach ($pairs as $key => $value) {
    $request['parameters']['parameter'][] = ['name' => $key, 'value' => $value];
}

$created = $client->CreateLicense($request);
$again = $client->CreateLicense($request);
$license = $created->licenses->license[0];
$read = $client->GetLicense(['ticket' => $license->ticket])->license;
$order = $client->GetOrder(['orderNumber' => $created->orderNumber])->order;
$offers = $client->ListOffers([]);

// What follows changes the license that was created.
$found = $client->FindLicenses(['category' => $category, 'state' => 'active', 'changedSince' => '2020-01-01T00:00:00Z', 'pageSize' => 1]);
$change = fn (string $step) => ['requestId' => "$requestId-$step", 'ticket' => $license->ticket];
$modified = $client->ModifyLicense($change('modify') + ['customer' => ['name' => 'Søren & Åse']]);
$suspended = $client->SuspendLicense($change('suspend') + ['reason' => 'unpaid']);
$reinstated = $client->ReinstateLicense($change('reinstate') + ['reason' => 'paid']);
$cancel = $change('cancel') + ['reason' => 'sold <out>', 'ifLate' => 'refuse'];
$cancelled = $client->CancelSubscription($cancel);
$cancelledAgain = $client->CancelSubscription($cancel);
$withdrawn = $client->WithdrawCancellation($change('withdraw'));
$subscription = $client->GetSubscription(['ticket' => $license->ticket])->subscription;
$revoked = $client->RevokeLicense($change('revoke') + ['reason' => 'returned']);
$revokedAgain = $client->RevokeLicense($change('revoke') + ['reason' => 'returned']);

$changes = $client->ListChanges(['pageSize' => 500]);
$nothing = $client->ListChanges(['cursor' => $changes->nextCursor]);

try {
    $client->GetOrder(['orderNumber' => 'K00-0']);
    $fault = null;
} catch (SoapFault $e) {
    $fault = $e->detail->fault;
}

echo json_encode([
    'orderNumber' => $created->orderNumber,
    'replayed' => [$created->replayed, $again->replayed],
    'tickets' => [$license->ticket, $again->licenses->license[0]->ticket, $read->ticket, $order->licenses->license[0]->ticket],
    'quantity' => $license->quantity,
    'customer' => $license->customer->name,
    'products' => array_map(fn ($offer) => $offer->product, $offers->categories->category[0]->offers->offer),
    'found' => count($found->licenses->license),
    'modified' => $modified->license->customer->name,
    'states' => [$suspended->license->state, $reinstated->license->state, $revoked->license->state],
    'subscriptions' => [$cancelled->subscription->state, $withdrawn->subscription->state, $subscription->state],
    'receipt' => [$cancelled->receipt->inTime, $cancelledAgain->replayed,
        json_decode($cancelled->receipt->document)->receipt->number === $cancelled->receipt->number,
        $cancelled->receipt->document === $cancelledAgain->receipt->document],
    'kinds' => array_slice(array_map(fn ($change) => $change->kind, $changes->changes->change), 0, 2),
    'changed' => [$changes->changes->change[1]->ticket === $license->ticket, count($nothing->changes->change ?? []) === 0],
    'revokedAgain' => $revokedAgain->replayed,
    'fault' => $fault === null ? null : ['code' => $fault->code, 'field' => $fault->field],
], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
