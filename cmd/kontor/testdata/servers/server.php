<?php
// Parses GetLicense and CreateLicense and answers them from memory, with PHP's own SoapServer; php -S runs this for each request.
//
// In the environment: LICENSE_FILE and WSDL_FILE.
class Licenses
{
    private function license(object $request): array
    {
        return [
            'ticket' => '23456-789AB-CDEFG-HJKLM-NPQRH', 'orderNumber' => 'K26-10001', 'group' => 'aurora', 'category' => $request->category,
            'product' => $request->product, 'productName' => 'Aurora Design', 'quantity' => 1, 'state' => 'active', 'createdAt' => gmdate('Y-m-d\TH:i:s\Z'),
            'parameters' => $request->parameters, 'dataFields' => $request->dataFields, 'customer' => $request->customer, 'deliveryState' => 'none',
            'keys' => new stdClass(), 'licenseFile' => file_get_contents(getenv('LICENSE_FILE')),
        ];
    }

    public function GetLicense(object $request): array
    {
        $parameters = ['parameter' => [['name' => 'seats', 'value' => '5'], ['name' => 'edition', 'value' => 'pro']]];
        return ['license' => $this->license((object) [
            'category' => 'partner', 'product' => 'AUR-DESIGN', 'parameters' => $parameters, 'dataFields' => new stdClass(), 'customer' => ['name' => 'Grace Hopper'],
        ])];
    }

    public function CreateLicense(object $request): array
    {
        return ['orderNumber' => 'K26-10001', 'replayed' => false, 'licenses' => ['license' => [$this->license($request)]]];
    }
}

$server = new SoapServer(getenv('WSDL_FILE'), ['cache_wsdl' => WSDL_CACHE_MEMORY]);
$server->setClass(Licenses::class);
$server->handle();
