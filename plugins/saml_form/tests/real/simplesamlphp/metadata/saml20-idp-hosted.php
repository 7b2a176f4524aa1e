<?php
$metadata['__DYNAMIC:1__'] = [
    'host' => '__DEFAULT__',
    'privatekey' => 'idp.key',
    'certificate' => 'idp.crt',
    'auth' => getenv('IDP_SOURCE') ?: 'staff',
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
    'authproc' => getenv('IDP_CONSENT') ? [90 => ['class' => 'consent:Consent', 'store' => 'consent:Cookie']] : [],
];
