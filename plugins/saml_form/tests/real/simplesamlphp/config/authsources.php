<?php
$aws = 'https://aws.amazon.com/SAML/Attributes/';
$alice = [
    'uid' => ['alice'],
    "{$aws}RoleSessionName" => ['alice@example.com'],
    "{$aws}Role" => [
        'arn:aws:iam::123456789012:role/dev,arn:aws:iam::123456789012:saml-provider/Real',
        'arn:aws:iam::123456789012:saml-provider/Real,arn:aws:iam::123456789012:role/ops',
    ],
];
$config = [
    'staff' => ['exampleauth:UserPass', 'alice:correct horse' => $alice],
    'guests' => ['exampleauth:UserPass', 'bob:battery staple' => ['uid' => ['bob']]],
    'several' => ['multiauth:MultiAuth', 'sources' => [
        'guests' => ['text' => ['en' => 'Guests', 'de' => 'Gäste']],
        'staff' => ['text' => ['en' => 'Staff', 'de' => 'Personal']],
    ]],
];
