import Vocabulary

/// Which part of a message is signed or encrypted, as its structure says (RFC 1847; OpenPGP: RFC 3156; S/MIME: RFC 8551).
/// Nothing is verified.
package struct Protection: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The content stands readable beside its signature (multipart/signed).
        case signed
        /// The content stands inside the signature: it needs a program that knows S/MIME.
        case signedOpaque = "signed-opaque"
        case encrypted
        /// S/MIME with certificates only, or compressed.
        case other
    }

    package let kind: Kind
    /// The multipart, or the part of type application/pkcs7-mime.
    package let path: String
    /// `application/pgp-signature`, `application/pkcs7-signature`, …: the protocol parameter, lower-cased; empty without.
    package let protocolType: String
    /// `pgp-sha256`: how the signed bytes are hashed.
    package let micalg: String?
    /// The signed part, or the encrypted one.
    package let content: String?
    /// The signature; of an encrypted multipart, the control information.
    package let control: String?

    /// RFC 1847 section 2.1 and 2.2: exactly two parts, in this order. More or fewer are taken as far as they go.
    init?(multipart part: Part, children: [Part]) {
        switch part.mediaType {
        case "multipart/signed":
            kind = .signed
            content = children.first?.path
            control = children.count > 1 ? children[1].path : nil
        case "multipart/encrypted":
            kind = .encrypted
            control = children.first?.path
            content = children.count > 1 ? children[1].path : nil
        default: return nil
        }
        path = part.path
        protocolType = part.parameters["protocol"].map { asciiLowercased($0) } ?? ""
        micalg = part.parameters["micalg"].map { asciiLowercased($0) }
    }

    /// RFC 8551 section 3.2. Where smime-type is missing, `kind` says what the bytes are (`pkcs7Kind`).
    init?(leaf part: Part, kind found: () -> UInt8?) {
        guard part.mediaType == "application/pkcs7-mime" || part.mediaType == "application/x-pkcs7-mime" else {
            return nil
        }
        if let declared = part.parameters["smime-type"] {
            switch asciiLowercased(declared) {
            case "signed-data": kind = .signedOpaque
            case "enveloped-data", "authenveloped-data": kind = .encrypted
            default: kind = .other
            }
        } else {
            switch found() {
            case 2: kind = .signedOpaque
            case 3, 6, 23: kind = .encrypted
            default: kind = .other
            }
        }
        path = part.path
        content = part.path
        protocolType = "application/pkcs7-mime"
        micalg = nil
        control = nil
    }
}
