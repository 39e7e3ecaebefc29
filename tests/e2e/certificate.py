"""Makes self-signed certificates for TLS tests."""
import subprocess


def self_signed(certificate, key, name):
    """Writes PEM files for 127.0.0.1 with `name` as the subject."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
