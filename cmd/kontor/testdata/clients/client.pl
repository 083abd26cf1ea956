# Sells, changes and cancels a license with SOAP::Lite, and says what it got; clients_test.go has what is said.
#
# Usage: perl client.pl WSDL-URL FAILING-URL 1.1|1.2 basic|text NAME SECRET REQUEST-ID
# SOAP::Lite reads no contract of document/literal: the elements are named here, in their order.
use strict;
use warnings;
use utf8;
use SOAP::Lite;

binmode STDOUT, ':encoding(UTF-8)';
my ($wsdl, $failing, $version, $auth, $name, $secret, $id) = @ARGV;
my $namespace = 'urn:kontor:license:v1';
my $wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

# The elements of a request: pairs of a name, and a text or more pairs.
sub elements {
    my @elements;
    while (my ($element, $value) = splice @_, 0, 2) {
        push @elements, ref $value
            ? SOAP::Data->name($element => \SOAP::Data->value(elements(@$value)))
            : SOAP::Data->name($element => $value)->type('string');
    }
    return @elements;
}

# Calls an operation, and returns what is in its answer, or the detail of its fault.
sub call {
    my ($url, $secret, $operation, @request) = @_;
    my ($scheme, $rest) = $url =~ m{^(\w+://)(.*)$};
    my $login = join ':', map { s/([^\w.-])/sprintf '%%%02X', ord $1/ger } $name, $secret;
    my $soap = SOAP::Lite->soapversion($version)->proxy($auth eq 'basic' ? "$scheme$login\@$rest" : $url)
        ->on_action(sub { qq("$namespace/$operation") })->on_fault(sub { $_[1] });
    $soap->serializer->autotype(0);
    my @header;
    if ($auth eq 'text') {
        push @header, SOAP::Header->name('wsse:Security' => \SOAP::Data->value(SOAP::Data->name('wsse:UsernameToken' => \SOAP::Data->value(
            SOAP::Data->name('wsse:Username' => $name)->type('string'), SOAP::Data->name('wsse:Password' => $secret)->type('string')))))
            ->attr({ 'xmlns:wsse' => $wsse });
    }
    my $answer = $soap->call(SOAP::Data->name($operation)->attr({ xmlns => $namespace }), @header, elements(@request));
    die "no answer: $answer" unless ref $answer;
    return $answer->match('//fault') ? { fault => $answer->valueof('//fault') } : $answer->valueof('/Envelope/Body/[1]');
}

sub say_it { print join("\t", map { $_ // '' } @_), "\n" }

sub fault {
    my $answer = call(@_);
    $answer->{fault} ? say_it('fault', @{ $answer->{fault} }{qw(code field)}) : say_it('no fault');
}

# One or many: without a contract, SOAP::Lite cannot know.
sub each_of { ref $_[0] eq 'ARRAY' ? @{ $_[0] } : $_[0] }
sub seats { (each_of($_[0]{parameters}{parameter}))[0]{value} }

my ($url) = $wsdl =~ /^([^?]*)/;
my @kontor = ($url, $secret);
my %request = (
    requestId => $id, group => 'northwind', category => 'partner', product => 'AUR-SUITE', quantity => 2,
    customer => [name => 'Zoë <Müller> & Söhne', country => 'DE'], parameters => [parameter => [name => 'seats', value => 5]], test => 'true',
);

sub request {
    my %with = (%request, @_);
    return (@kontor, 'CreateLicense', map { $_ => $with{$_} } qw(requestId group category product quantity customer parameters test));
}

my $created = call(request());
my $license = $created->{licenses}{license};
my $ticket = $license->{ticket};
say_it('create', $created->{orderNumber}, $created->{replayed}, $ticket, $license->{quantity}, $license->{customer}{name});
my $again = call(request());
say_it('replay', $again->{orderNumber}, $again->{replayed}, $again->{licenses}{license}{ticket});

my $modified = call(@kontor, 'ModifyLicense', requestId => "$id-modify", ticket => $ticket, customer => [name => 'Søren & Åse'],
    parameters => [parameter => [name => 'seats', value => 8]]);
say_it('modify', $modified->{replayed}, $modified->{license}{customer}{name}, seats($modified->{license}));
my $read = call(@kontor, 'GetLicense', ticket => $ticket)->{license};
say_it('read', $read->{ticket}, $read->{state}, seats($read), $read->{customer}{name}, $read->{test});
my $order = call(@kontor, 'GetOrder', orderNumber => $created->{orderNumber})->{order};
say_it('order', $order->{orderNumber}, $order->{group}, $order->{licenses}{license}{ticket});

my @cancel = (ticket => $ticket, reason => 'sold <out>', ifLate => 'refuse');
for my $step ('cancel', 'cancel again') {
    my $cancelled = call(@kontor, 'CancelSubscription', requestId => "$id-cancel", @cancel);
    say_it($step, $cancelled->{subscription}{state}, $cancelled->{receipt}{inTime}, $cancelled->{replayed});
}
my $reported = call(@kontor, 'ReportDocument', requestId => "$id-report", orderNumber => $created->{orderNumber}, connector => 'ledger',
    state => 'accepted', number => 'L-1');
for my $document (grep { $_->{connector} eq 'ledger' } each_of($reported->{order}{documents}{document})) {
    say_it('report', $document->{state}, $document->{number}, $reported->{replayed});
}

# A list stands for each of its elements: the name comes again with each.
sub whole {
    my ($name, $second) = @_;
    return (@kontor, 'CreateOrder', requestId => $name, group => 'northwind', customer => [name => 'Grace Hopper'], lines => [
        line => [externalLine => 10, category => 'partner', product => 'AUR-SUITE', quantity => 3, parameters => [parameter => [name => 'seats', value => 5]]],
        line => [externalLine => 20, category => 'partner', product => $second],
    ]);
}
for my $step ('whole order', 'whole order again') {
    my $sent = call(whole("$id-whole", 'AUR-DESIGN-DEMO'));
    say_it($step, $sent->{replayed});
    for my $line (each_of($sent->{order}{lines}{line})) {
        my @tickets = each_of($line->{tickets}{ticket});
        say_it('line', @{$line}{qw(externalLine product quantity)}, scalar @tickets);
    }
}

my @fault = (requestId => "$id-fault");
fault(request(@fault, parameters => [parameter => [name => 'seats', value => 5000]]));
fault(request(@fault, quantity => 0));
fault(request(@fault, product => 'NOTHING'));
fault(@kontor, 'GetLicense', ticket => '23456-789AB-CDEFG-HJKLM-NPQRH');
fault(request(quantity => 3));
fault(@kontor, 'CancelSubscription', @fault, @cancel);
fault(whole("$id-fault", 'NOTHING'));
fault(request(@fault, customer => [name => 'x' x 1100000]));
fault($url, 'wrong', 'GetLicense', ticket => $ticket);
fault($failing, $secret, 'GetLicense', ticket => $_) for qw(exhausted unavailable internal);
