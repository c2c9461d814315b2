/// Classification: what the words of a mail speak for, category and urgency.
///
/// In go the subject and the written text; out come `ClassificationScores` with each phrase that counted. Evidence is
/// a list of phrases with weights (`Lexicon`), found in one pass (`PhraseFinder`). A phrase counts once, in the
/// subject more than in the text; one inside a longer phrase does not count (`不满意` is not `满意`), nor does one behind a
/// negation. The weights of a category add up, and a share of doubt stands against all of them: where words are few or
/// divided we abstain, and a rule, the default or a person decides.
///
/// Nothing throws. The work is linear and bounded by `bytesRead`.

package import MailText
import Vocabulary

/// Enough of a mail to know its matter: further on come logs, price lists and the like.
private let bytesRead = 24 * 1024

/// Scores a mail. Pure: the same words always give the same scores.
package func classify(subject: String, text: WrittenText, lexicon: Lexicon) -> ClassificationScores {
    var evidence = Evidence(lexicon)
    // A mail that only forwards another one is about what it forwards, though less surely.
    let isForward = text.own.isEmpty
    let words = FoldedText(isForward ? text.plain : text.own, limit: bytesRead)
    evidence.collect(FoldedText(subject, limit: 1024), 1.5, .subject)
    evidence.collect(words, isForward ? 0.6 : 1, .text)
    let sums = evidence.sums()
    var scores = ClassificationScores(reasons: evidence.reasons())
    evidence.scoreCategories(sums, &scores)
    evidence.scoreUrgency(sums, &scores)
    return scores
}
