import MailText
import Testing
import Vocabulary

@testable import Extraction

// Names, companies and addresses in sentences without a label: what is found, with which confidence, and what is left alone.

private func read(_ text: String, _ options: ExtractionOptions = ExtractionOptions(region: "GB")) -> [Detail] {
    details(in: writtenText(plain: text), subject: "", writer: nil, options: options)
}

struct SentenceCase: Sendable, CustomTestStringConvertible {
    let says: String
    let text: String
    let values: [String]
    var testDescription: String { says }

    init(_ says: String, _ text: String, _ values: [String]) {
        (self.says, self.text, self.values) = (says, text, values)
    }

    func check(_ field: Detail.Field) {
        let found = read(text).filter { $0.field == field }
        #expect(found.map(\.value) == values)
        for detail in found {
            guard let span = detail.span else { continue }
            #expect(span.upperBound <= text.utf8.count)
        }
    }
}

@Suite struct SentenceTests {
    @Test(
        "a name in a sentence",
        arguments: [
            SentenceCase("behind a title", "Please put it down to Mrs. Oakapple, she knows.", ["Oakapple"]),
            SentenceCase("a title with two names", "The invoice goes to Dr Edda Vint from now on.", ["Edda Vint"]),
            SentenceCase(
                "a given name and a family name", "I was told so by Hannah Quillfeather.", ["Hannah Quillfeather"]),
            SentenceCase(
                "accents, and a particle", "We met Jörg van der Möwe there.", ["Jörg van der Möwe"]),
            SentenceCase("an initial", "It was Ostrava T. Wimple who signed.", ["Ostrava T. Wimple"]),
            SentenceCase("an initial that is a word", "It was Nora I. Wimple who signed.", ["Nora I. Wimple"]),
            SentenceCase("with a genitive", "Here is Rachel Fennimore's order.", ["Rachel Fennimore"]),
            SentenceCase("after words that lead to it", "Her maiden name is Brackwater.", ["Brackwater"]),
            SentenceCase("somebody of the family", "The card is for my daughter Ysolde, please.", ["Ysolde"]),
            SentenceCase("whom somebody spoke to", "I spoke to Ysolde Brackwater about it.", ["Ysolde Brackwater"]),
            SentenceCase("what somebody does", "Ysolde Brackwater told me to write.", ["Ysolde Brackwater"]),
            SentenceCase("an introduction with a title", "Hello, this is Mr. Edwin Brackwater.", ["Edwin Brackwater"]),
            SentenceCase(
                "a name that is a word as well, with its family name", "Grace Fennimore has it.", ["Grace Fennimore"]),
            SentenceCase(
                "a card without contacts", "Hannah Quillfeather\n\n12 Mill Lane\nLeeds\nUnited Kingdom",
                ["Hannah Quillfeather"]),
        ])
    func names(_ row: SentenceCase) { row.check(.name) }

    @Test(
        "no name",
        arguments: [
            "Will my Account Manager call me on Monday in May?", "The Customer Service Team in New York is great.",
            "Hi Hannah, my Google Home is broken.", "Dear Hannah Quillfeather, where is my order?",
            "We live in Martin Street, near Charlotte.", "12 Mill Dr Leeds is wrong.", "It took 20 ms Tuesday.",
            "Grace periods and Hope are over. Mark the date.", "I use Windows and Microsoft Word.",
            "HANNAH QUILLFEATHER PLC", "Mail me: hannah.quillfeather@heron.example, or see www.hannah.example.",
        ])
    func noName(_ text: String) { SentenceCase(text, text, []).check(.name) }

    @Test("where the writer is known, others who are named are not the customer")
    func writerComesFirst() {
        let found = read("Rachel Fennimore told me to write.\n\nKind regards\nEdwin Brackwater")
        #expect(found.filter { $0.field == .name }.map(\.value) == ["Edwin Brackwater"])
    }

    @Test("a name in a sentence is less sure than one in a signature")
    func confidence() throws {
        let said = try #require(read("I was told so by Hannah Quillfeather.").first { $0.field == .name })
        let signed = try #require(read("Please call.\n\nRegards,\nHannah Quillfeather").first { $0.field == .name })
        #expect(said.confidence < signed.confidence)
    }

    @Test(
        "a company in a sentence",
        arguments: [
            SentenceCase("behind words for an employer", "I work for Brackwater as a diver.", ["Brackwater"]),
            SentenceCase(
                "with a legal form", "We bought it from Brackwater Pumps Ltd. last week.", ["Brackwater Pumps Ltd."]),
            SentenceCase("partners", "I work at Vint, Oakapple and Wimple.", ["Vint, Oakapple and Wimple"]),
            SentenceCase("a family business", "It came from Wimple and Sons yesterday.", ["Wimple and Sons"]),
            SentenceCase("a position", "She is the director of Brackwater Systems.", ["Brackwater Systems"]),
            SentenceCase("what it has", "The Brackwater office is at 12 Mill Lane, Leeds.", ["Brackwater"]),
            SentenceCase("what it is", "Heron & Co is a small design agency in Leeds.", ["Heron & Co"]),
            SentenceCase("what it does", "Last year Brackwater acquired two ships.", ["Brackwater"]),
            SentenceCase(
                "an introduction ends with its sentence", "My name is Nora Vint from Heron Inc. You know us.",
                ["Heron Inc."]),
            SentenceCase("a genitive in the name", "My name is Nora Vint from Heron's Nest.", ["Heron's Nest"]),
        ])
    func companies(_ row: SentenceCase) { row.check(.company) }

    @Test(
        "no company",
        arguments: [
            "The company has an office.", "Please work for a better solution.", "I am the manager of this store.",
            "We are from Germany and work at home.", "Is that a good firm?",
        ])
    func noCompany(_ text: String) { SentenceCase(text, text, []).check(.company) }

    @Test(
        "an address in a sentence",
        arguments: [
            SentenceCase(
                "behind words that lead to it", "We live at 12 Mill Lane, Leeds LS1 4AP.",
                ["12 Mill Lane, Leeds LS1 4AP"]),
            SentenceCase(
                "up to what belongs to the sentence", "Meet me at 12 Mill Lane, Leeds after the fair.",
                ["12 Mill Lane, Leeds"]),
            SentenceCase(
                "over lines", "Please send it to the same: 12 Mill Lane\n Suite 4\n LEEDS\n United Kingdom",
                ["12 Mill Lane, Suite 4, LEEDS, United Kingdom"]),
            SentenceCase(
                "a label with lines below", "Address: 12 Mill Lane\n Flat 4\n LEEDS\n United Kingdom\n\nThanks",
                ["12 Mill Lane, Flat 4, LEEDS, United Kingdom"]),
            SentenceCase("a new one", "Our new address is 3 Quay Street, Hull.", ["3 Quay Street, Hull"]),
            SentenceCase("a box", "Please return it to P.O. Box 211, Hull.", ["P.O. Box 211, Hull"]),
        ])
    func addresses(_ row: SentenceCase) { row.check(.address) }

    @Test(
        "no address",
        arguments: [
            "My address 10.20.30.40 is blocked.", "The meeting is at 10 on Monday.", "It is sent to 3 people.",
            "It was delivered to me on 12 May, 2026.", "The device is at fe80:0:1 now.",
            "Address: 12 Mill Lane, Leeds\nContract number = 4711",
        ])
    func noAddress(_ text: String) {
        let found = read(text).filter { $0.field == .address }.map(\.value)
        #expect(found == [] || found == ["12 Mill Lane, Leeds"])
    }

    @Test("a form with stars") func starredLabels() {
        let found = read("New enquiry\n**Name** Nora Vint\n**Company** Heron Nets\n**Address** 12 Mill Lane, Leeds\n")
        #expect(found.filter { $0.field == .name }.map(\.value) == ["Nora Vint"])
        #expect(found.filter { $0.field == .company }.map(\.value) == ["Heron Nets"])
        #expect(found.filter { $0.field == .address }.map(\.value) == ["12 Mill Lane, Leeds"])
    }

    @Test("an admin's names and cues") func adminsWords() {
        let words = DetailWords(adding: [WordFile("[given-name]\nYsolde\n[employer]\nserving with")])
        let found = read("Ask Ysolde Brackwater, serving with Heron.", ExtractionOptions(region: "GB", words: words))
        #expect(found.filter { $0.field == .name }.map(\.value) == ["Ysolde Brackwater"])
        #expect(found.filter { $0.field == .company }.map(\.value) == ["Heron"])
    }

    @Test(
        "hostile sentences end",
        arguments: [
            "Anna ", "Anna B. ", "work for A", "Inc", "A, ", "is at 1 ", "address 12 Mill Lane, ", "Mr. ", "O'",
            "is a firm ",
            "Anna\n", "12 Mill Lane\n", "À", "the Office office ",
        ])
    func hostile(_ piece: String) {
        let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
        #expect(read(text).count <= ScanLimits.perField * Detail.Field.allCases.count)
    }
}
