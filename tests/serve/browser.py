"""A real browser, driven over WebDriver's own HTTP.

Source: https://www.w3.org/TR/webdriver2/
"""

import base64
import re
import subprocess
import time

import requests

PATIENCE = 20
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--force-prefers-reduced-motion",
)  # fmt: skip
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Down": "\ue015", "Up": "\ue013", "Space": " "}


def started(attempts=3):
    """Start a driver on a port of its own choice; another program may be quicker to take that."""
    said = ""
    for _ in range(attempts):
        driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        for line in driver.stdout:
            said += line
            if found := re.search(r"successfully on port (\d+)", line):
                return driver, found[1]
        driver.wait(30)
        driver.stdout.close()
    raise AssertionError(f"chromedriver does not start: {said}")


class Browser:
    """Chromium with an empty profile; closed with its driver."""

    def __init__(self, folder):
        self._driver, port = started()
        self._http = requests.Session()
        self._http.trust_env = False
        self._url = f"http://127.0.0.1:{port}"
        options = {"args": [*FLAGS, f"--user-data-dir={folder}"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options}
        wanted["goog:loggingPrefs"] = {"browser": "ALL"}
        try:
            answer = self._post("/session", {"capabilities": {"alwaysMatch": wanted}})
        except BaseException:
            self._driver.terminate()
            raise
        self._url += f"/session/{answer['sessionId']}"

    def _post(self, path, body):
        return self._answer(self._http.post(self._url + path, json=body, timeout=60))

    def _get(self, path):
        return self._answer(self._http.get(self._url + path, timeout=60))

    def _answer(self, answer):
        value = answer.json()["value"]
        if not answer.ok:
            raise LookupError(f"{value['error']}: {value['message']}")
        return value

    def close(self):
        try:
            self._http.delete(self._url, timeout=30)
        finally:
            self._driver.terminate()
            self._driver.wait(30)
            self._driver.stdout.close()
            self._http.close()

    def open(self, url):
        self._post("/url", {"url": url})
        return self

    @property
    def url(self):
        return self._get("/url")

    def run(self, script, *arguments):
        return self._post("/execute/sync", {"script": script, "args": list(arguments)})

    @property
    def text(self):
        return self.run("return document.body.innerText")

    def find(self, css):
        """Wait for an element."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._post("/element", {"using": "css selector", "value": css})[ELEMENT]
            except LookupError:
                if time.monotonic() > until:
                    raise AssertionError(f"no {css} in: {self.text}") from None
                time.sleep(0.05)

    def sees(self, text):
        """Wait until the page shows a text."""
        until = time.monotonic() + PATIENCE
        while text not in self.text:
            assert time.monotonic() < until, f"not shown: {text!r} in: {self.text}"
            time.sleep(0.05)
        return self

    def types(self, css, text):
        self._post(f"/element/{self.find(css)}/value", {"text": text})

    def clicks(self, css):
        self._post(f"/element/{self.find(css)}/click", {})

    def presses(self, *names):
        """Press keys, wherever the focus is."""
        actions = []
        for name in names:
            for key in [KEYS[name]] if name in KEYS else name:
                actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        sequence = [{"type": "key", "id": "keyboard", "actions": actions}]
        self._post("/actions", {"actions": sequence})

    @property
    def focus(self):
        return self.run(
            "const e = document.activeElement; return e.id || e.textContent || e.tagName"
        )

    def cdp(self, command, **parameters):
        self._post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def size(self, width, height):
        metrics = {"deviceScaleFactor": 1, "mobile": False}
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, **metrics)

    def scheme(self, name):
        feature = {"name": "prefers-color-scheme", "value": name}
        self.cdp("Emulation.setEmulatedMedia", features=[feature])

    def shot(self, path):
        path.write_bytes(base64.b64decode(self._get("/screenshot")))

    @property
    def complaints(self):
        """What the browser's console says: blocked scripts, failed requests, exceptions."""
        return self._post("/se/log", {"type": "browser"})
