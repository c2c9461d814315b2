import BusinessTime
import Foundation
import MIME
package import Replies
import Vocabulary

/// Makes the mail that a decision promised, now that its ticket number, tokens and Message-ID exist. The same plan and
/// identifiers give the same octets.
///
/// Nil when the template is gone: the configuration was reloaded between deciding and composing.
package func compose(_ plan: ReplyPlan, identifiers: ReplyIdentifiers, options: TriageOptions) -> ComposedReply? {
    let calendar = options.serviceLevels.target(category: plan.category, urgency: plan.urgency, tier: nil).calendar
    let zone = TimeZone(identifier: calendar.timeZone) ?? .gmt
    let (organisation, language) = (options.replies.organisation, plan.language)
    let values = TemplateValues(
        ticket: identifiers.ticket, subject: subjectWithoutPrefixes(plan.originalSubject), name: plan.salutationName,
        organisation: organisation.name(in: language), signature: organisation.signature(in: language),
        deadline: plan.firstResponseDue.map { momentText($0, timeZone: zone, language: language) },
        category: categoryLabel(plan.category, language: language),
        today: dayText(identifiers.date, timeZone: zone, language: language),
        opens: plan.opens.map { momentText($0, timeZone: zone, language: language) },
        missing: (plan.asks ?? []).map { fieldLabel($0, language: language) }, files: plan.files ?? [],
        message: plan.message)
    guard let rendered = options.templates.render(plan.template, language: plan.language, values: values) else {
        return nil
    }
    let message = replyMessage(
        rendered: rendered, to: plan.recipient, from: plan.sender, inReplyTo: plan.originalMessageID,
        references: plan.originalReferences, identifiers: identifiers)
    return ComposedReply(
        messageID: identifiers.messageID, reversePath: identifiers.reversePath,
        recipients: [plan.recipient.address], subject: message.subject, text: rendered.text,
        bytes: message.serialized())
}
