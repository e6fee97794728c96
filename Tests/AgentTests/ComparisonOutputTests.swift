import Foundation
import FoundationXML
import Learning
import Testing
import TidewatchTestKit

@testable import Agent

/// The comparison as it is written: JSON, page and text.
@Suite struct ComparisonOutputTests {
    private func table(_ columns: TableColumn...) throws -> Table { try Table(columns: columns) }

    @Test func theJSONIsThatOfTheContract() throws {
        var stream = DriftStream(seed: 11)
        let report = try TableComparison.run(
            reference: table(
                TableColumn(name: "amount", numbers: stream.normals(500)),
                TableColumn(name: "gone", numbers: stream.normals(500))),
            current: table(TableColumn(name: "amount", numbers: stream.normals(400, shift: 1))))
        let decoded = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
        let json = try #require(decoded as? [String: Any])
        #expect(Set(json.keys) == ["rows", "columns", "drift"])
        #expect(json["rows"] as? [String: Int] == ["reference": 500, "current": 400])
        let columns = try #require(json["columns"] as? [[String: Any]])
        #expect(columns.count == 2)
        for column in columns {
            #expect(
                Set(column.keys).isSuperset(
                    of: ["column", "kind", "status", "missing", "statistics", "drift", "severity", "reason"]))
        }
        #expect(columns[0]["drift"] as? Bool == true)
        #expect(columns[0]["severity"] as? String == "critical")
        #expect(columns[0]["reason"] as? String == "evidence_and_effect")
        #expect(columns[0]["missing"] as? [String: Double] == ["reference": 0, "current": 0])
        let statistics = try #require(columns[0]["statistics"] as? [String: [String: Any]])
        #expect(statistics["psi"]?["value"] is Double)
        #expect(statistics["psi"]?["p_value"] is Double)
        #expect(statistics["ks"]?["method"] as? String == "exact")
        let evidence = try #require(columns[0]["evidence"] as? [String: Any])
        #expect(evidence["test"] as? String == "ks")
        #expect(evidence["p_value"] as? Double == statistics["ks"]?["p_value"] as? Double)
        #expect(columns[1]["evidence"] is NSNull)
        #expect(columns[1]["status"] as? String == "error")
        #expect(columns[1]["reason"] as? String == "missing_in_current")
        #expect(columns[1]["drift"] is NSNull)
        #expect((columns[1]["missing"] as? [String: Any])?["current"] is NSNull)
        let drift = try #require(json["drift"] as? [String: Any])
        #expect(drift["detected"] as? Bool == true)
        #expect(drift["columns"] as? [String] == ["amount"])
        #expect(drift["share"] as? Double == 1)
        // The same tables give the same text.
        #expect(try report.json() == report.json())
    }

    /// Infinite values were invisible: statistics leave them out.
    @Test func infiniteValuesAreSaid() throws {
        var stream = DriftStream(seed: 13)
        let values = stream.normals(500)
        let report = try TableComparison.run(
            reference: table(TableColumn(name: "amount", numbers: values)),
            current: table(
                TableColumn(
                    name: "amount", numbers: values.enumerated().map { $0.offset < 100 ? .infinity : $0.element }))
        )
        let column = try #require(report.columns.first)
        #expect(column.invalidReference == 0 && column.invalidCurrent == 100)
        #expect(column.evidence?.test == "missing" && column.evidence?.pValue ?? 1 < 1e-10)
        #expect(try report.json().contains("\"current\" : 100"))
        #expect(ComparisonText(usesColour: false).render(report).contains("no statistic counts: amount 0 → 100"))
        let page = ComparisonPage(source: "a & b").render(report)
        #expect(page.contains("amount 0 → 100") && page.contains("<small>a &amp; b</small>"))
    }

    @Test func theOptionsDecide() throws {
        var stream = DriftStream(seed: 14)
        let reference = try table(TableColumn(name: "amount", numbers: stream.normals(2_000)))
        let current = try table(TableColumn(name: "amount", numbers: stream.normals(2_000, shift: 0.2)))
        func drifts(_ change: (inout ComparisonOptions) -> Void) throws -> Bool? {
            var options = ComparisonOptions()
            change(&options)
            return try TableComparison.run(reference: reference, current: current, options: options).columns[0].drift
        }
        #expect(try drifts { _ in } == true)
        #expect(try drifts { $0.significance = 1e-30 } == false)
        #expect(try drifts { $0.minimumEffect = 0.5 } == false)
    }

    @Test func thePageIsWellFormedAndEscapesNames() throws {
        let names = ["<script>alert(1)</script>", "a&b \"quoted\" 'single'", "bell\u{7}\u{202E}"]
        var stream = DriftStream(seed: 12)
        let reference = try Table(
            columns: names.map { TableColumn(name: $0, numbers: stream.normals(200)) } + [
                TableColumn(name: "text", texts: stream.categories(200, weights: [1, 2]).map { "<b>\($0)&" })
            ])
        let report = try TableComparison.run(reference: reference, current: reference.rows(0..<100))
        let page = ComparisonPage(title: "A < B").render(report)
        #expect(!page.contains("<script"))
        #expect(!page.contains("<b>c"))
        let reader = PageReader()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(reader.counts["section"] == 4)
        // One in the overview and one in the section; a named cell has its own.
        #expect(reader.counts["svg"] == 4 + 3 + 2)
        #expect(reader.counts["details"] == 1)
        #expect(reader.counts["script"] == nil)
        #expect(reader.text.contains("<script>alert(1)</script>"))
        #expect(reader.text.contains("a&b \"quoted\" 'single'"))
    }

    @Test func theTextIsAlignedAndPlainUnlessColourIsAsked() throws {
        var stream = DriftStream(seed: 13)
        let reference = try table(
            TableColumn(name: "a", numbers: stream.normals(300)),
            TableColumn(name: "a longer name\u{1B}[2J", numbers: stream.normals(300)))
        let current = try table(
            TableColumn(name: "a", numbers: stream.normals(300, shift: 2)),
            TableColumn(name: "a longer name\u{1B}[2J", numbers: stream.normals(300)))
        let report = try TableComparison.run(reference: reference, current: current)
        let text = ComparisonText(usesColour: false).render(report)
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("drift in 1 of 2 columns"))
        let lines = text.split(separator: "\n").filter { $0.contains("numeric") }
        #expect(lines.count == 2)
        #expect(Set(lines.map(\.count)).count == 1)
        #expect(ComparisonText(usesColour: true).render(report).contains("\u{1B}[31m"))
    }
}

/// Counts elements and gathers text.
private final class PageReader: NSObject, XMLParserDelegate {
    private(set) var counts: [String: Int] = [:]
    private(set) var text = ""

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
        qualifiedName qName: String?, attributes attributeDict: [String: String]
    ) {
        counts[elementName, default: 0] += 1
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
