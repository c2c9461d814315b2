internal import BusinessTime
internal import Digest
internal import Foundation
internal import GRDB
internal import Routing
internal import Triage
internal import Vocabulary

extension Recorder {
    /// Records a message that could not be processed: its bytes are kept, and a minimal ticket for the duty owner is
    /// opened, whose clock runs from the arrival. Mail from before the start is not ours even so.
    func park(_ arrival: Arrival, reason: String, blob: ArchiveBlob?) throws -> RecordedDelivery {
        if let blob { blobs.append(blob) }
        let id = counters.nextDelivery()
        let reason = StoredText.name(reason)
        let isOld = mailbox.baseline.map { arrival.arrivedAt < $0 } ?? false
        let ending = isOld ? .beforeStart : Ending.parked(reason)
        let ticket = isOld ? nil : try openMinimalTicket(deliveryID: id, arrivedAt: arrival.arrivedAt)
        try insertDelivery(id: id, arrival, digest: blob?.digest, ending: ending, ticket: ticket)
        if let ticket { try addEvent(ticket, 1, "opened", nil, detail: "parked: \(reason)") }
        try audit.add(
            AuditEntry(
                actor: "intake", action: "delivery.\(ending.state)", object: "delivery", objectID: id, ticket: ticket,
                reason: ending.detail), at: now, to: database)
        return RecordedDelivery(
            id: id, uid: arrival.uid, state: ending.state, detail: ending.detail,
            ticket: ticket.map { TicketNumber($0) }, decision: nil, outboxID: nil, wasKnown: false)
    }

    private func openMinimalTicket(deliveryID: Int64, arrivedAt: Date) throws -> Int64 {
        let number = counters.nextTicket()
        let person = options.routing.dutyOwner
        let start = min(arrivedAt, now)
        // Nobody knows what it says, so it is looked at soon.
        let urgency = Urgency.p2
        let target = options.serviceLevels.target(category: .other, urgency: urgency, tier: nil)
        try insertTicket(
            NewTicket(
                number: number, deliveryID: deliveryID, subject: "(message that could not be processed)",
                language: .undetermined, category: .other, urgency: urgency, team: options.routing.defaultTeam,
                assignee: person, events: 1,
                firstResponseDue: target.calendar.deadline(after: target.firstResponse, from: start),
                resolutionDue: target.resolution.map { target.calendar.deadline(after: $0, from: start) }))
        changeLoad(of: person, by: 1)
        return number
    }
}
