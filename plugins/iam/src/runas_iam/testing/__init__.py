"""What there is to test this plugin with; its AWS is `runas.testing.AwsEmulator`."""
