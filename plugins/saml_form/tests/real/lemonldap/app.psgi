# The portal of LemonLDAP::NG as a PSGI application, for plackup.
use Lemonldap::NG::Portal::Main;
Lemonldap::NG::Portal::Main->run( {} );
