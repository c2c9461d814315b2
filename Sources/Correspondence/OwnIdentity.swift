package import Vocabulary

/// What is ours: by this a mail's own side is told from the other.
package struct OwnIdentity: Sendable, Hashable {
    /// Shared mailboxes of ours, aliases included. Compared without extension (`support+c.TOKEN@` is `support@`).
    package var addresses: [EmailAddress]
    /// Our people's own addresses.
    package var agents: [EmailAddress]
    /// Right side of the Message-IDs that we make.
    package var messageIDDomain: String
    /// Who our receiving MTA says it is in Authentication-Results (RFC 8601 section 2.5); nil: nobody is believed.
    package var authservID: String?
    package var recipientDelimiter: Character
    /// Senders that write on behalf of a person: web forms, shop systems. The person stands in their Reply-To.
    package var forms: [EmailAddress]

    package init(
        addresses: [EmailAddress], agents: [EmailAddress] = [], messageIDDomain: String, authservID: String? = nil,
        recipientDelimiter: Character = "+", forms: [EmailAddress] = []
    ) {
        self.addresses = addresses
        self.agents = agents
        self.messageIDDomain = messageIDDomain
        self.authservID = authservID
        self.recipientDelimiter = recipientDelimiter
        self.forms = forms
    }

    /// Our address that this one is, without its extension; nil when it is not ours.
    package func own(_ address: EmailAddress) -> EmailAddress? {
        // Domains first: they are compared as they stand, and most mail holds nothing but strangers' ones.
        guard addresses.contains(where: { $0.domain == address.domain }) else { return nil }
        let plain = address.withoutExtension(delimiter: recipientDelimiter)
        return addresses.first { $0 == plain || $0 == address }
    }

    func isOwn(_ address: EmailAddress) -> Bool { own(address) != nil }

    func isAgent(_ address: EmailAddress) -> Bool {
        guard agents.contains(where: { $0.domain == address.domain }) else { return false }
        return agents.contains(address) || agents.contains(address.withoutExtension(delimiter: recipientDelimiter))
    }

    /// One of our people: an agent, or anybody at the organisation's own domain who is no shared address.
    func isColleague(_ address: EmailAddress) -> Bool {
        !isOwn(address) && (isAgent(address) || address.domain == asciiLowercased(messageIDDomain))
    }

    func isForm(_ address: EmailAddress) -> Bool { forms.contains(address) }

    func isOwn(_ id: MessageID) -> Bool { id.domain == asciiLowercased(messageIDDomain) }
}
