import Replies
import Vocabulary

extension SuppressionTable {
    /// List software, and those who send to many.
    static let lists = [
        HeaderSet(
            "Mailman 2",
            """
            Return-Path: <chess-bounces@club.example>
            To: chess@club.example
            Precedence: list
            List-Id: Chess talk <chess.club.example>
            List-Post: <mailto:chess@club.example>
            Errors-To: chess-bounces@club.example
            X-BeenThere: chess@club.example
            X-Mailman-Version: 2.1.39
            """, .automatic, .mailingList),
        HeaderSet(
            "Mailman 3",
            """
            Return-Path: <chess-bounces@club.example>
            To: chess@club.example
            List-Id: Chess talk <chess.club.example>
            List-Archive: <https://club.example/archives/list/chess@club.example/>
            List-Post: <mailto:chess@club.example>
            X-Mailman-Version: 3.3.8
            Message-ID-Hash: QD4JEJZEMX3L2YZ3EPVXIXH2QNFQ5Z7D
            """, .automatic, .mailingList),
        HeaderSet(
            "Mailman's notice to a subscriber",
            "From: chess-request@club.example\nReturn-Path: <chess-bounces@club.example>\nPrecedence: bulk\nX-List-Administrivia: yes\nX-Mailman-Version: 2.1.39",
            .automatic, .mailingList),
        HeaderSet(
            "Sympa",
            """
            Return-Path: <chess-owner@club.example>
            To: chess@club.example
            Precedence: list
            X-Loop: chess@club.example
            X-no-archive: yes
            List-Id: <chess.club.example>
            List-Owner: <mailto:chess-request@club.example>
            """, .automatic, .autoReply),
        HeaderSet(
            "ezmlm",
            """
            Return-Path: <chess-return-7-support=example.com@club.example>
            To: chess@club.example
            Mailing-List: contact chess-help@club.example; run by ezmlm
            Precedence: bulk
            List-Post: <mailto:chess@club.example>
            """, .automatic, .mailingList),
        HeaderSet(
            "Google Groups",
            """
            Return-Path: <parents+bncBC123@school.example>
            To: parents@school.example
            Precedence: list
            Mailing-list: list parents@school.example; contact parents+owners@school.example
            List-ID: <parents.school.example>
            X-Google-Group-Id: 42
            """, .automatic, .mailingList),
        HeaderSet(
            "LISTSERV",
            "Return-Path: <owner-CHESS@LISTSERV.CLUB.EXAMPLE>\nTo: CHESS@LISTSERV.CLUB.EXAMPLE\nPrecedence: list\nList-Help: <mailto:LISTSERV@club.example?body=INFO%20CHESS>",
            .automatic, .mailingList),
        HeaderSet(
            "LISTSERV's own mail", "From: LISTSERV@CLUB.EXAMPLE\nSubject: Rejected posting", .automatic,
            .unattendedSender),
        HeaderSet(
            "majordomo", "From: Majordomo@club.example\nSubject: Majordomo results", .automatic, .unattendedSender),
        HeaderSet(
            "Yahoo's groups",
            "To: chess@groups.example\nMailing-List: list chess@groups.example\nX-Yahoogroups: yes\nPrecedence: bulk",
            .automatic, .mailingList),
        HeaderSet(
            "Lyris", "List-Unsubscribe: <mailto:leave-chess-1@club.example>\nX-Mailer: Lyris Web Interface", .automatic,
            .mailingList),
        HeaderSet(
            "fml, a list program of Japan",
            "To: chess@club.example\nX-ML-Name: chess\nX-MLServer: fml 4\nPrecedence: list", .automatic, .mailingList),
        HeaderSet(
            "vger's majordomo",
            "To: talk@kernel.example\nPrecedence: bulk\nList-ID: <talk.kernel.example>\nX-Mailing-List: talk@kernel.example",
            .automatic, .mailingList),
        HeaderSet(
            "a digest",
            "From: chess-request@club.example\nSubject: Chess Digest, Vol 1\nList-Id: <chess.club.example>\nPrecedence: list",
            .automatic, .mailingList),
        HeaderSet(
            "a forge's notice",
            "From: Bob <notifications@forge.example>\nPrecedence: list\nList-ID: team/project <project.team.forge.example>\nList-Unsubscribe: <https://forge.example/u/1>",
            .automatic, .mailingList),
        HeaderSet(
            "Mailchimp",
            """
            X-MC-User: 1234567890abcdef
            Feedback-ID: 12345:12345.678:us1:mc
            List-ID: 1234567890mc list <1234567890.12345.list-id.bulk.example>
            List-Unsubscribe: <https://shop.bulk.example/unsubscribe?u=1>
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            X-Auto-Response-Suppress: OOF, AutoReply
            """, .automatic, .mailingList),
        HeaderSet(
            "Sendgrid's campaign", "X-SG-EID: abc\nPrecedence: bulk\nFeedback-ID: 77:SG", .automatic, .precedence),
        HeaderSet("Mailgun's campaign", "X-Mailgun-Campaign-Id: spring\nPrecedence: bulk", .automatic, .precedence),
        HeaderSet(
            "a certified sender of Germany",
            "X-CSA-Complaints: complaints@eco.example\nList-Unsubscribe: <https://a.example/u>", .automatic,
            .mailingList),
        HeaderSet("an old bulk program", "X-Bulkmail: 2.051\nPrecedence: bulk", .automatic, .precedence),
        HeaderSet("newsletter@ with bulk", "From: newsletter@shop.example\nPrecedence: bulk", .automatic, .precedence),
        HeaderSet(
            "Chinese mass mail",
            "From: edm@shop.example\nX-Campaign: double11\nList-Unsubscribe: <https://edm.example/u>", .automatic,
            .mailingList),
        HeaderSet(
            "a person who writes to a list and to us: a ticket, no answer",
            "To: chess@club.example\nCc: support@example.com\nList-Id: <chess.club.example>\nList-Post: <mailto:chess@club.example>\nPrecedence: list",
            .customer, .mailingList),
        HeaderSet(
            "an answer to us through the customer's group: a ticket, no answer",
            "In-Reply-To: <o.7.abc@post.example.com>\nList-Id: <buying.customer.example>\nPrecedence: list", .customer,
            .mailingList),
    ]
}
