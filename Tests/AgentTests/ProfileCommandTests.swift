import Foundation
import FoundationXML
import Testing
import TidewatchTestKit

@testable import Agent

@Suite struct ProfileCommandTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "profile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ text: String, _ name: String = "orders.csv") throws -> String {
        let path = folder.appending(path: name).path()
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private func json(_ options: ProfileOptions) throws -> [String: Any] {
        var options = options
        options.format = "json"
        let text = try ProfileCommand.render(options)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func value<Value>(_ root: Any, _ path: String...) throws -> Value {
        var value = root
        for key in path {
            value = try #require(
                Int(key).flatMap { (value as? [Any])?[$0] } ?? (value as? [String: Any])?[key], "\(path)")
        }
        return try #require(value as? Value, "\(path)")
    }

    private func isNull(_ root: Any, _ path: String...) throws -> Bool {
        var value = root
        for key in path {
            value = try #require(
                Int(key).flatMap { (value as? [Any])?[$0] } ?? (value as? [String: Any])?[key], "\(path)")
        }
        return value is NSNull
    }

    private func orders(_ rows: Int = 800) throws -> String {
        var stream = DriftStream(seed: 4)
        var text = "order_id,ordered,amount,country,<b>,gift,refund,returned\n"
        for row in 0..<rows {
            let amount = stream.logNormals(1)[0]
            let isReturned = stream.normal() + amount > 2.5
            let refund = isReturned ? String(format: "%.2f", amount * (0.5 + stream.uniform())) : ""
            let day = String(format: "2026-%02d-%02d %02d:00:00", 1 + row / 672, 1 + row / 24 % 28, row % 24)
            text += "\(row + 1),\(day),\(row == 3 ? "inf" : String(format: "%.3f", amount)),"
            text += "\(["KR", "<&'>", "DE"][row % 3]),\(row % 50 == 0 ? "" : "q"),\(row % 2 == 0),\(refund),"
            text += "\(isReturned ? "yes" : "no")\n"
        }
        return try file(text)
    }

    private func options(_ path: String) -> ProfileOptions {
        ProfileOptions(path: path, target: "returned", time: "ordered", isQuiet: true)
    }

    @Test func jsonHasNumbersAndNulls() throws {
        let root = try json(options(try orders()))
        #expect(try value(root, "rows") == 800 && value(root, "column_count") == 8)
        #expect(try value(root, "target", "task") == "binary" && value(root, "target", "positive") == "yes")
        #expect(try value(root, "columns", "2", "column") == "amount" && value(root, "columns", "2", "infinite") == 1)
        #expect(try value(root, "columns", "2", "numeric", "n") == 799)
        #expect(try value(root, "columns", "2", "target", "auc") as Double > 0.8)
        #expect(try value(root, "columns", "1", "type") == "time")
        #expect(try value(root, "columns", "1", "numeric", "first") == "2026-01-01T00:00:00.000Z")
        #expect(try value(root, "columns", "4", "type") == "constant")
        #expect(try value(root, "time", "step") == 3_600 && value(root, "time", "backwards") == 0)
        #expect(try (value(root, "time", "parts") as [Any]).count == 12)
        let suspects: [[String: Any]] = try value(root, "suspects")
        #expect(suspects.compactMap { $0["column"] as? String } == ["refund", "order_id"])
        let reasons: [[String: Any]] = try value(suspects[0], "reasons")
        #expect(Set(reasons.compactMap { $0["reason"] as? String }) == ["near_perfect", "constant_within_class"])
        #expect(try isNull(reasons[1], "value"))
        let pairs: [[String: Any]] = try value(root, "associations", "pairs")
        #expect(pairs.contains { $0["cramers_v"] is Double } && pairs.contains { $0["correlation_ratio"] is Double })
    }

    @Test func whatCannotBeComputedIsNullWithAStatus() throws {
        let root = try json(ProfileOptions(path: try file("a,b,y\n1,,u\n1,,u\n"), target: "y", isQuiet: true))
        #expect(try isNull(root, "columns", "0", "numeric", "skewness"))
        #expect(try value(root, "columns", "0", "numeric", "status") == "insufficient")
        #expect(try value(root, "columns", "1", "status") == "no_data")
        #expect(try isNull(root, "columns", "0", "target", "mutual_information"))
        #expect(try value(root, "columns", "0", "target", "status") == "insufficient")
        #expect(try value(root, "target", "task") == "none" && isNull(root, "time"))
    }

    @Test func thePageIsWellFormedAndWhole() throws {
        var options = options(try orders())
        options.outputPath = folder.appending(path: "report.HTML").path()
        try ProfileCommand.run(options)
        let page = try String(contentsOfFile: options.outputPath ?? "", encoding: .utf8)
        let parser = XMLParser(data: Data(page.replacing("<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
        #expect(!page.contains("<script") && !page.contains("http") && !page.contains("NaN"))
        for part in ["Suspects of leakage", "Notes", "Target returned", "Along ordered", "Pairs", "One by one"] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(page.components(separatedBy: "<section id=\"column-").count == 9)
        #expect(page.contains("&lt;&amp;&#39;&gt;") && page.contains("&lt;b&gt;"))
    }

    @Test func theTextSaysWhatMatters() throws {
        let text = try ProfileCommand.render(options(try orders()))
        #expect(text.contains("800 rows, 8 columns"))
        #expect(text.contains("suspects of leakage") && text.contains("  refund  "))
        #expect(text.contains("along ordered: 2026-01-01 to 2026-02-"))
        #expect(text.contains("amount has 1 infinite cell,"))
        #expect(!text.contains("nan") && !text.contains("\u{1B}"))
        let coloured = try ProfileCommand.render(options(try orders()), usesColour: true)
        #expect(coloured.contains("\u{1B}[1m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == text)
    }

    @Test func theFormatFollowsTheOutput() {
        func format(_ output: String?, _ format: String? = nil) -> String {
            ProfileOptions(path: "", format: format, outputPath: output).chosenFormat
        }
        #expect(format(nil) == "text" && format("a.html") == "html" && format("A.HTM") == "html")
        #expect(format("a.json") == "json" && format("a.txt") == "text" && format("a.html", "json") == "json")
    }

    @Test(arguments: [
        ("a,b\n1,2\n", "bb", nil, "--target: there is no column \"bb\"; did you mean \"b\"?"),
        ("amount,b\n1,2\n", nil, "amout", "--time: there is no column \"amout\"; did you mean \"amount\"?"),
        ("a,b\n1,2\n", "a", "a", "name the same column"),
        ("a,b\nx,2\ny,3\n", nil, "a", "holds no times: \"x\", row 1"),
        ("a,b\n", nil, nil, "no row"),
        ("", nil, nil, "is empty"),
        ("a,a\n1,2\n", nil, nil, "names \"a\" twice"),
        ("a,b\n1,2\n3\n", nil, nil, ":3: the row has 1 cells"),
    ])
    func badInputIsAnsweredWithExitTwo(_ text: String, _ target: String?, _ time: String?, _ said: String) throws {
        let path = try file(text)
        let stop = #expect(throws: CommandStop.self) {
            try ProfileCommand.render(ProfileOptions(path: path, target: target, time: time, isQuiet: true))
        }
        #expect(stop?.exitCode == 2)
        #expect(stop?.message?.contains(said) == true, "\(stop?.message ?? "")")
    }

    @Test func anotherEncodingIsAnError() throws {
        let path = folder.appending(path: "latin.csv").path()
        try Data([0x61, 0x2C, 0x62, 0x0A, 0xE9, 0x2C, 0x31, 0x0A]).write(to: URL(filePath: path))
        let stop = #expect(throws: CommandStop.self) { try ProfileCommand.render(ProfileOptions(path: path)) }
        #expect(stop?.exitCode == 2 && stop?.message?.contains("UTF-8") == true)
    }

    @Test(arguments: ["a\n1\n", "a,b\n1,x\n2,y\n3,z\n"]) func fewRowsHaveADefinedResult(_ text: String) throws {
        let path = try file(text)
        for format in ["text", "json", "html"] {
            let text = try ProfileCommand.render(ProfileOptions(path: path, target: "a", format: format))
            #expect(!text.isEmpty && !text.contains("nan") && !text.contains("inf,"))
        }
    }

    /// Fifty thousand columns: the result is bounded and says so.
    @Test func veryWideTables() throws {
        let names = (0..<50_000).map { "c\($0)" }.joined(separator: ",")
        let row = Array(repeating: "1", count: 49_999).joined(separator: ",")
        let path = try file("\(names)\n\(row),a\n\(row),b\n")
        let text = try ProfileCommand.render(ProfileOptions(path: path, target: "c49999", isQuiet: true))
        #expect(text.contains("50,000 columns") && text.contains("more columns") && text.count < 20_000)
        let page = try ProfileCommand.render(ProfileOptions(path: path, format: "html", isQuiet: true))
        #expect(page.contains("49,850 more columns without a card") && page.count < 1_000_000)
    }
}
