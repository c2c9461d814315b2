/// What became of a mail at each of its recipients: the machine-readable part of a delivery status notification
/// (RFC 3464; with addresses in UTF-8, RFC 6533).
package struct DeliveryStatus: Sendable, Hashable {
    /// The fields about one recipient (section 2.3). At least one of the two addresses is there.
    package struct Recipient: Sendable, Hashable {
        /// As the sender gave it (section 2.3.1).
        package internal(set) var originalRecipient: TypedValue?
        /// To which delivery was tried (section 2.3.2).
        package internal(set) var finalRecipient: TypedValue?
        /// Lower-cased (section 2.3.3): `failed`, `delayed`, `delivered`, `relayed`, `expanded`, or what a program
        /// made up; empty when it is missing.
        package internal(set) var action = ""
        /// Section 2.3.4.
        package internal(set) var status: EnhancedStatus?
        /// The server that said so (section 2.3.5).
        package internal(set) var remoteMTA: TypedValue?
        /// Its words (section 2.3.6).
        package internal(set) var diagnostic: TypedValue?
        /// Sections 2.3.7 and 2.3.9, in seconds since 1970.
        package internal(set) var lastAttempt: Int64?
        package internal(set) var willRetryUntil: Int64?
        /// Section 2.3.8.
        package internal(set) var finalLogID: String?
        /// All fields of the group, those above included.
        package internal(set) var fields: [NamedValue] = []

        /// The address to which delivery was tried, else the one that the sender gave.
        package var address: String { (finalRecipient ?? originalRecipient)?.address ?? "" }
    }

    /// The ENVID of the sender (section 2.2.1).
    package internal(set) var originalEnvelopeID: String?
    /// Who reports (section 2.2.2).
    package internal(set) var reportingMTA: TypedValue?
    package internal(set) var gateway: TypedValue?
    package internal(set) var receivedFromMTA: TypedValue?
    /// When the mail came to the reporting server (section 2.2.5), in seconds since 1970.
    package internal(set) var arrivalDate: Int64?
    package internal(set) var recipients: [Recipient] = []
    /// All fields that belong to no recipient, those above included.
    package internal(set) var fields: [NamedValue] = []
    package internal(set) var defects: [Defect] = []
}

extension Message {
    private static let deliveryStatusTypes: Set<String> = [
        "message/delivery-status", "message/global-delivery-status",
    ]

    /// The delivery status that this mail carries, of several parts put together; nil when it carries none. That it
    /// does carry one does not make it a report: people forward them.
    package var deliveryStatus: DeliveryStatus? {
        let parts = deliveryStatusParts
        guard !parts.isEmpty else { return nil }
        var reader = DeliveryStatusReader()
        var findings = Findings(limits: .standard)
        // One report has one such part; more come from gateways that wrap reports.
        for part in parts.prefix(10) {
            let groups = reportGroups(part, &findings)
            if !Self.deliveryStatusTypes.contains(part.mediaType) { findings.note(.mislabelledReport) }
            for group in groups { reader.take(group, &findings) }
        }
        return reader.finish(&findings)
    }

    /// The parts that hold it.
    package var deliveryStatusParts: [Part] {
        reportParts(Self.deliveryStatusTypes, reportType: "delivery-status") { groups in
            groups.contains { group in
                (group["final-recipient"] ?? group["original-recipient"]) != nil
                    && (group["action"] ?? group["status"]) != nil
            }
        }
    }
}
