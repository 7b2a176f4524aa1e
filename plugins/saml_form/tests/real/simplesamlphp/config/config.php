<?php
// A SimpleSAMLphp 1.19 of the tests: everything it writes lies in the folder above this one.
$here = dirname(__DIR__);
$config = [
    'baseurlpath' => getenv('IDP_ORIGIN') . '/',
    'certdir' => "$here/cert/",
    'loggingdir' => "$here/log/",
    'datadir' => "$here/data/",
    'tempdir' => "$here/temp",
    'metadatadir' => "$here/metadata/",
    'secretsalt' => 'salt-of-the-tests',
    'auth.adminpassword' => 'unused',
    'technicalcontact_email' => 'nobody@example.com',
    'timezone' => 'UTC',
    'logging.handler' => 'file',
    'enable.saml20-idp' => true,
    'store.type' => 'phpsession',
    'session.phpsession.savepath' => "$here/sessions",
    'session.phpsession.cookiename' => 'SimpleSAML',
    'session.authtoken.cookiename' => 'SimpleSAMLAuthToken',
    'session.cookie.secure' => false,
    'language.available' => [getenv('IDP_LANGUAGE') ?: 'en'],
    'language.default' => getenv('IDP_LANGUAGE') ?: 'en',
    'module.enable' => ['core' => true, 'exampleauth' => true, 'multiauth' => true, 'consent' => true],
    'metadata.sources' => [['type' => 'flatfile']],
];
