import Correspondence
import MIME
import Testing
import Vocabulary

@Suite("Whether the sender can be believed (RFC 8601)")
struct TrustTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let sentence: String
        let header: String
        let trust: Trust
        var testDescription: String { sentence }
    }

    /// The hop at which the mail entered our host.
    static let border =
        "Received: from mail.customer.example (mail.customer.example [192.0.2.7]) by mx.example.com (Postfix) with ESMTPS id 1"

    @Test(
        "trust",
        arguments: [
            Row(
                sentence: "aligned DKIM passes",
                header: "Authentication-Results: mx.example.com; dkim=pass header.d=customer.example\n\(border)",
                trust: .authenticated),
            Row(
                sentence: "SPF of the same domain passes",
                header:
                    "Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=ada@customer.example\n\(border)",
                trust: .authenticated),
            Row(
                sentence: "DKIM fails, SPF passes",
                header:
                    "Authentication-Results: mx.example.com; dkim=fail header.d=customer.example; spf=pass smtp.mailfrom=customer.example",
                trust: .authenticated),
            Row(
                sentence: "DMARC passes",
                header: "Authentication-Results: mx.example.com; dmarc=pass (p=reject) header.from=customer.example",
                trust: .authenticated),
            Row(
                sentence: "with version, comment, folding and quotes",
                header:
                    "Authentication-Results: MX.Example.com 1;\n\tdkim = pass (2048-bit; \"key\") header.d=\"customer.example\";\n\tspf=none",
                trust: .authenticated),
            Row(
                sentence: "a signature of the parent domain speaks for the child",
                header:
                    "From: a@mail.customer.example\nAuthentication-Results: mx.example.com; dkim=pass header.d=customer.example",
                trust: .authenticated),
            Row(
                sentence: "a signature of somebody else's domain says nothing",
                header: "Authentication-Results: mx.example.com; dkim=pass header.d=relay.example", trust: .unknown),
            Row(
                sentence: "a domain that only ends alike is somebody else's",
                header:
                    "From: a@notcustomer.example\nAuthentication-Results: mx.example.com; dkim=pass header.d=customer.example",
                trust: .unknown),
            Row(
                sentence: "a top-level domain speaks for nobody",
                header: "Authentication-Results: mx.example.com; dkim=pass header.d=example", trust: .unknown),
            Row(
                sentence: "another server's results are not ours",
                header: "Authentication-Results: mx.evil.example; dkim=pass header.d=customer.example",
                trust: .unknown),
            Row(
                sentence: "a forged field below the hop that came in",
                header: "\(border)\nAuthentication-Results: mx.example.com; dkim=pass header.d=customer.example",
                trust: .unknown),
            Row(
                sentence: "a forged hop name does not help",
                header: """
                    Received: from localhost (evil.example [198.51.100.9]) by mx.example.com with ESMTP
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .unknown),
            Row(
                sentence: "local delivery and a filter on the loopback are passed over",
                header: """
                    Received: from mx.example.com by mx.example.com with LMTP id 2
                    Received: from localhost (localhost [127.0.0.1]) by mx.example.com (Postfix) with ESMTP id 3
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    \(border)
                    """, trust: .authenticated),
            Row(
                sentence: "a filter on the loopback of IPv6 too",
                header: """
                    Received: from localhost (localhost [IPv6:::1]) by mx.example.com (Postfix) with ESMTP id 3
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .authenticated),
            Row(
                sentence: "Exim's line for the loopback, where the address stands for the name",
                header: """
                    Received: from [127.0.0.1] (helo=localhost) by mx.example.com with esmtp (Exim 4.96) id 3
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .authenticated),
            Row(
                sentence: "a stranger who calls himself by the loopback address",
                header: """
                    Received: from [127.0.0.1] (unknown [198.51.100.9]) by mx.example.com (Postfix) with ESMTP id 1
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .unknown),
            Row(
                sentence: "the same before Exim",
                header: """
                    Received: from [198.51.100.9] (helo=[127.0.0.1]) by mx.example.com with esmtp (Exim 4.96) id 1
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .unknown),
            Row(
                sentence: "the same before a server that notes no address",
                header: """
                    Received: from [127.0.0.1] by mx.example.com with ESMTP id 1
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .unknown),
            Row(
                sentence: "a stranger whose name looks like a local delivery",
                header: """
                    Received: from x by y with LMTP (evil.example [198.51.100.9]) by mx.example.com with ESMTP id 1
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .unknown),
            Row(
                sentence: "one whose name opens a comment",
                header: """
                    Received: from localhost([127.0.0.1] (evil.example [198.51.100.9]) by mx.example.com with ESMTP id 1
                    Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
                    """, trust: .unknown),
            Row(
                sentence: "a signature value that ends in an equals sign",
                header:
                    "Authentication-Results: mx.example.com; dkim=pass header.b=abc= header.d=customer.example\n\(border)",
                trust: .authenticated),
            Row(
                sentence: "a result hidden in an encoded word",
                header:
                    "Authentication-Results: mx.example.com; spf=none =?utf-8?q?=3B_dkim=3Dpass_header=2Ed=3Dcustomer=2Eexample?=",
                trust: .unknown),
            Row(
                sentence: "everything fails",
                header:
                    "Authentication-Results: mx.example.com; dkim=fail header.d=customer.example; spf=fail smtp.mailfrom=customer.example",
                trust: .failed),
            Row(
                sentence: "SPF fails, there is no signature",
                header: "Authentication-Results: mx.example.com; dkim=none; spf=fail smtp.mailfrom=x@customer.example",
                trust: .failed),
            Row(
                sentence: "DMARC fails",
                header:
                    "Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=relay.example; dmarc=fail header.from=customer.example",
                trust: .failed),
            Row(
                sentence: "a soft fail is no fail",
                header: "Authentication-Results: mx.example.com; spf=softfail smtp.mailfrom=customer.example",
                trust: .unknown),
            Row(
                sentence: "an error of the check says nothing",
                header:
                    "Authentication-Results: mx.example.com; dkim=fail; spf=temperror smtp.mailfrom=customer.example",
                trust: .unknown),
            Row(
                sentence: "nothing was checked", header: "Authentication-Results: mx.example.com; none", trust: .unknown
            ),
            Row(sentence: "no field", header: "", trust: .unknown),
            Row(
                sentence: "two authors: nobody knows for whom it speaks",
                header:
                    "From: a@customer.example, b@customer.example\nAuthentication-Results: mx.example.com; dkim=pass header.d=customer.example",
                trust: .unknown),
            Row(
                sentence: "a result hidden in a comment",
                header: "Authentication-Results: mx.example.com; spf=none (; dkim=pass header.d=customer.example)",
                trust: .unknown),
            Row(
                sentence: "a result hidden in quotes",
                header:
                    "Authentication-Results: mx.example.com; spf=none reason=\"; dkim=pass header.d=customer.example\"",
                trust: .unknown),
        ])
    func trust(_ row: Row) {
        let origin = origin(of: message(row.header), identity: identity)
        #expect(origin.trust == row.trust, "\(origin.reasons)")
        #expect(origin.reasons.contains { $0.about == .trust && $0.conclusion == row.trust.rawValue })
    }

    @Test("an authenticated form does not vouch for the visitor")
    func forms() {
        let mail = message(
            """
            From: form@shop.example.net
            Reply-To: ada@customer.example
            Authentication-Results: mx.example.com; dkim=pass header.d=shop.example.net
            """)
        let origin = origin(of: mail, identity: identity)
        #expect(origin.trust == .unknown)
        #expect(origin.writer?.address == EmailAddress("ada@customer.example"))
    }

    @Test("a second From field leaves the author open")
    func twoAuthors() {
        let mail = message(
            """
            From: ada@customer.example
            From: li.na@example.com
            Authentication-Results: mx.example.com; dkim=pass header.d=customer.example
            """)
        #expect(origin(of: mail, identity: identity).trust == .unknown)
    }

    @Test("nobody is believed without an authserv-id of ours")
    func notConfigured() {
        var stranger = identity
        stranger.authservID = nil
        let mail = message("Authentication-Results: mx.example.com; dkim=pass header.d=customer.example")
        #expect(origin(of: mail, identity: stranger).trust == .unknown)
    }
}
