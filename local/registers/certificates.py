import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=730)
RENEW_BEFORE = timedelta(days=30)
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Certificates:
    """
    PEM files of the relay's mutual TLS in one folder; they follow the wall clock, as all TLS does.
    """

    folder: Path

    @property
    def authority(self) -> Path:
        """
        The authority both sides trust.
        """
        return self.folder / "authority.pem"

    @property
    def server(self) -> Path:
        """
        The relay's certificate; its key lies beside it as `server.key`.
        """
        return self.folder / "server.pem"

    @property
    def client(self) -> Path:
        """
        The queue's certificate; its key lies beside it as `client.key`.
        """
        return self.folder / "client.pem"

    def ensure(self) -> None:
        """
        Make them all anew unless they are there, whole, and good for another month.
        """
        if not self._good():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make()

    def _good(self) -> bool:
        files = (self.authority, *(path.with_suffix(suffix) for path in (self.server, self.client) for suffix in (".pem", ".key")))
        if not all(path.exists() for path in files):
            return False
        ends = (x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc for path in (self.server, self.client))
        return min(ends) - RENEW_BEFORE > datetime.now(UTC)

    def _make(self) -> None:
        authority_key = ec.generate_private_key(ec.SECP256R1())  # forgotten when both certificates are signed
        authority = _authority(authority_key)
        for path, usage in ((self.server, ExtendedKeyUsageOID.SERVER_AUTH), (self.client, ExtendedKeyUsageOID.CLIENT_AUTH)):
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = _leaf(path.stem, usage, key, authority, authority_key)
            private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            _write(path.with_suffix(".key"), private, mode=0o600)
            _write(path, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)
        _write(self.authority, authority.public_bytes(serialization.Encoding.PEM), mode=0o644)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Ashyq Kezek, one machine"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"registers {common}"),
        ]
    )


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return (
        _builder(_name("authority"), _name("authority"), key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    common: str,
    usage: x509.ObjectIdentifier,
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    return (
        _builder(_name(common), authority.subject, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes, *, mode: int) -> None:
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)
