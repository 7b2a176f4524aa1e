"""``runas diagnose`` of a profile that signs in at a page: the way there, and what is kept."""

import http.server
import ssl
import threading
from contextlib import ExitStack, contextmanager

import pytest

from .certificate import make
from .moving import USER, Mover

SAML = "[profile p]\nregion = eu-west-1\nsaml_username = me@example.com\nsaml_auth_url = "


@pytest.fixture
def mover(world):
    with ExitStack() as stack:
        yield Mover(world, "my-saml-profile", stack)


def test_a_sign_in_page_that_is_reached_and_recognised(mover):
    done = mover.world.run("diagnose", "my-saml-profile")
    assert done.returncode == 0, done.stdout
    assert "✓ okta (runas-plugin-okta 0.1.0): recognises http://127.0.0.1:" in done.stdout
    assert "✓ sign-in page: 127.0.0.1:" in done.stdout
    assert "✓ no OS keyring here: an encrypted file in " in done.stdout
    assert not mover.okta.primary_authentications
    assert USER not in done.stdout


def test_a_page_that_nobody_recognises(world):
    with served(None) as port:
        world.add(f"{SAML}http://127.0.0.1:{port}/start\n")
        done = world.run("diagnose", "p")
    assert done.returncode == 78
    assert "✗ none of adfs, okta, form claim http://127.0.0.1:" in done.stdout
    assert "-> name the provider: -R, or saml_provider" in done.stdout


def test_a_password_that_was_refused(mover):
    mover.okta.users[USER].password = "another"
    assert mover.world.run("-O", "json", "my-saml-profile").returncode == 77
    done = mover.world.run("diagnose", "my-saml-profile")
    assert done.returncode == 78
    assert "✗ the password that is kept was refused, and is not used again" in done.stdout
    assert "-> set it anew: runas password my-saml-profile" in done.stdout


def test_a_name_that_dns_does_not_know(world):
    long = "a" * 64  # no label of a name may have as many: it is not even asked for
    world.add(f"{SAML}https://{long}.example/\nsaml_provider = form\n")
    done = world.run("diagnose", "p")
    assert f"✗ sign-in page: DNS knows no {long}.example" in done.stdout
    assert "-> check its spelling" in done.stdout
    assert done.returncode == 78


def test_a_proxy_is_named_without_its_password(world):
    world.add(f"{SAML}https://login.example/\nsaml_provider = form\n")
    done = world.run("diagnose", "p", HTTPS_PROXY="http://me:canary@127.0.0.1:1")
    assert "✓ sign-in page: through the proxy 127.0.0.1:1" in done.stdout
    assert "canary" not in done.stdout + done.stderr
    assert done.returncode == 78


def test_a_certificate_that_is_trusted_with_a_bundle_only(world, tmp_path):
    certificate, key = make(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with served(context) as port:
        world.add(f"{SAML}https://localhost:{port}/\nsaml_provider = form\n")
        refused = world.run("diagnose", "p")
        trusted = world.run("diagnose", "p", "-v", AWS_CA_BUNDLE=str(certificate))
    assert "✗ sign-in page: the certificate of localhost is not trusted" in refused.stdout
    assert "AWS_CA_BUNDLE" in refused.stdout
    assert refused.returncode == 78
    assert f"✓ sign-in page: localhost:{port} answers" in trusted.stdout
    assert "certificate by runas tests" in trusted.stdout


def test_a_plugin_that_does_not_load(world):
    folder = world.home / "packages"
    (folder / "runas_broken").mkdir(parents=True)
    (folder / "runas_broken" / "__init__.py").write_text("import no_such_module\n")
    info = folder / "runas_plugin_broken-2.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: runas-plugin-broken\nVersion: 2.5\n"
    )
    (info / "entry_points.txt").write_text(
        "[runas.providers]\nbroken = runas_broken\n[runas.api]\n1.0 = runas_broken\n"
    )
    done = world.run("diagnose", "ops", PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stdout
    assert "! " in done.stdout
    assert "runas-plugin-broken 2.5" in done.stdout
    assert "no_such_module" in done.stdout


@contextmanager
def served(context):
    """Serve a page that is no sign-in page."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"<html><title>hello</title><p>nothing to fill in</p></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    if context is not None:
        # In the connection's own thread: a client that breaks the handshake off harms no other.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
