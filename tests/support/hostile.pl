# An authorization server that means harm: hostile.pl prints its port, then answers until it is ended.
#
# The issuer http://127.0.0.1:PORT/CASE gives codes and addresses as listed here; every request is a line on standard error.
use strict;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 8, ReuseAddr => 1) or die $!;
my $port = $server->sockport;
my $good = "http://127.0.0.1:$port/page";
my %cases = (
    'escapes'    => ['WDJB\u001b]0;owned\u0007\u001b[2J', $good],
    'long'       => ['W' x 5000, $good],
    'script'     => ['WDJB-MJHT', 'javascript:alert(1)//owned'],
    'elsewhere'  => ['WDJB-MJHT', 'https://owned.example/device'],
    'plain'      => ['WDJB-MJHT', 'http://owned.example/device'],
    'password'   => ['WDJB-MJHT', "http://owned:owned\@127.0.0.1:$port/page"],
    'line-ends'  => ['WDJB-MJHT', "http://127.0.0.1:$port/page\\r\\nowned"],
    'whole'      => ['WDJB-MJHT', $good, 'javascript:alert(1)//owned'],
);
$| = 1;
print "$port\n";
while (my $client = $server->accept) {
    my $request = <$client> // '';
    my $length = 0;
    while (defined(my $line = <$client>)) {
        $length = $1 if $line =~ /^content-length: *(\d+)/i;
        last if $line =~ /^\r?\n$/;
    }
    read($client, my $body, $length) if $length;
    print STDERR $request;
    my ($status, $answer) = ('404 Not Found', '{}');
    if ($request =~ m{^GET /\.well-known/oauth-authorization-server/([a-z-]+) }) {
        my $issuer = "http://127.0.0.1:$port/$1";
        ($status, $answer) = ('200 OK', qq({"issuer": "$issuer", "token_endpoint": "$issuer/token", "device_authorization_endpoint": "$issuer/device"}));
    } elsif ($request =~ m{^POST /([a-z-]+)/device } && $cases{$1}) {
        my ($code, $address, $whole) = @{$cases{$1}};
        $whole = defined $whole ? qq(, "verification_uri_complete": "$whole") : '';
        ($status, $answer) = ('200 OK', qq({"device_code": "d", "user_code": "$code", "verification_uri": "$address"$whole, "expires_in": 600, "interval": 1}));
    } elsif ($request =~ m{^POST /[a-z-]+/token }) {
        ($status, $answer) = ('400 Bad Request', '{"error": "access_denied", "error_description": "\u001b]0;owned\u0007"}');
    }
    print $client "HTTP/1.1 $status\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " . length($answer) . "\r\n\r\n$answer";
    close $client;
}
