import Foundation
import FoundationXML
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

@Suite struct MetricsCommandTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "metrics-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ text: String) throws -> String {
        let path = folder.appending(path: "scored.csv").path()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func json(_ options: MetricsOptions) throws -> [String: Any] {
        var options = options
        options.format = "json"
        let text = try MetricsCommand.render(options)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func number(_ root: [String: Any], _ path: String...) throws -> Double {
        var value: Any = root
        for key in path { value = try #require((value as? [String: Any])?[key], "\(path)") }
        return try #require((value as? NSNumber)?.doubleValue, "\(path)")
    }

    private func scored(_ rows: Int) throws -> String {
        var stream = DriftStream(seed: 4)
        var text = "paid,p,sex,region,note\n"
        for row in 0..<rows {
            let score = stream.uniform()
            let isPaid = stream.uniform() < score
            text += "\(isPaid ? "yes" : "no"),\(row == 7 ? "" : "\(score)"),\(row % 2 == 0 ? "f" : "m"),r\(row % 3),x\n"
        }
        return try file(text)
    }

    /// Anything but four numbers is refused with what was found and what is expected.
    @Test(arguments: [
        ("1,2", "\"1,2\" has 2 values"), ("5", "\"5\" has 1 value"), ("0,-1,,-5,10", "has 5 values"),
        ("0,-1,x,10", "\"x\" in \"0,-1,x,10\" is none"), ("0,-1,nan,10", "\"nan\""), ("0,-1,,10", "\"\" in"),
    ])
    func costsAreFourNumbers(_ text: String, _ message: String) {
        let stop = #expect(throws: CommandStop.self) { try MetricsOptions.costs(text) }
        #expect(stop?.exitCode == 2)
        #expect(stop?.message?.contains(message) == true && stop?.message?.contains("--cost 0,-1,-5,10") == true)
    }

    @Test func costsMayHaveBlanks() throws {
        #expect(try MetricsOptions.costs("0, -1,-5 ,10") == [0, -1, -5, 10])
    }

    /// A day without fraud: 0 alone is no positive.
    @Test(arguments: [("0,0\n0,1\n", "1"), ("no,no\nno,yes\n", "yes"), ("stay,stay\n", "stay"), ("0,0\n", "1")])
    func oneLabelAlone(_ rows: String, _ positive: String) throws {
        let path = try file("y,p\n" + String(repeating: rows, count: 20))
        let root = try json(MetricsOptions(path: path, label: "y", prediction: "p"))
        #expect(root["positive"] as? String == positive)
        guard !rows.contains(",1"), !rows.contains("yes") else {
            #expect(try number(root, "confusion", "fp") == 20)
            return
        }
        let asked = try json(MetricsOptions(path: path, label: "y", prediction: "p", positive: "alarm"))
        #expect(asked["positive"] as? String == "alarm")
    }

    @Test func severalOtherLabelsAreOneClass() throws {
        let path = try file("y,p\n" + String(repeating: "a,a\nb,b\nc,b\n", count: 20))
        let root = try json(MetricsOptions(path: path, label: "y", prediction: "p", positive: "a"))
        #expect(((root["confusion"] as? [String: Any])?["labels"] as? [String]) == ["not a", "a"])
    }

    @Test func aMisspelledColumnIsGuessedInOneSentence() throws {
        let path = try file("y,p\n1,1\n")
        let error = #expect(throws: CommandStop.self) {
            try MetricsCommand.render(MetricsOptions(path: path, label: "zebra", prediction: "p"))
        }
        #expect(error?.message?.contains("there is no column \"zebra\". The table has: y, p") == true)
    }

    @Test func binaryJSONIsAsTheContractSays() throws {
        let path = try scored(400)
        let root = try json(
            MetricsOptions(
                path: path, label: "paid", scores: ["p"], segments: ["region"], protected: ["sex"],
                costs: [0, -1, -5, 10]))
        #expect(root["task"] as? String == "binary" && root["positive"] as? String == "yes")
        #expect(try number(root, "n") == 399 && number(root, "left_out") == 1)
        for name in [
            "roc_auc", "average_precision", "accuracy", "f1", "log_loss", "brier", "ece", "mcc", "business_value",
        ] {
            let (low, value, high) = (
                try number(root, "metrics", name, "low"), try number(root, "metrics", name, "value"),
                try number(root, "metrics", name, "high")
            )
            #expect(low < value && value < high, "\(name)")
        }
        let cells = try ["tn", "fp", "fn", "tp"].map { try number(root, "confusion", $0) }
        #expect(cells.reduce(0, +) == 399)
        let accuracy = try number(root, "metrics", "accuracy", "value")
        #expect((accuracy - (cells[0] + cells[3]) / 399).magnitude < 1e-12)
        let segments = try #require((root["segments"] as? [String: Any])?["region"] as? [[String: Any]])
        #expect(segments.count == 3)
        let fairness = try #require((root["fairness"] as? [String: Any])?["sex"] as? [String: Any])
        #expect(try number(fairness, "disparate_impact_ratio", "value") <= 1)
        #expect((fairness["segments"] as? [[String: Any]])?.count == 2)
    }

    /// scikit-learn 1.9.1: f1 macro of these six rows is 0.6556, kappa 0.5.
    @Test func multiclassAndItsProbabilities() throws {
        let path = try file(
            """
            kind,said,pa,pb,pc
            a,a,0.8,0.1,0.1
            a,b,0.3,0.6,0.1
            b,b,0.2,0.7,0.1
            b,b,0.1,0.8,0.1
            c,c,0.2,0.2,0.6
            c,a,0.5,0.2,0.3

            """)
        let root = try json(MetricsOptions(path: path, label: "kind", prediction: "said"))
        #expect(root["task"] as? String == "multiclass")
        #expect((try number(root, "metrics", "f1_macro", "value") - 0.6555555555555556).magnitude < 1e-12)
        #expect((try number(root, "metrics", "kappa", "value") - 0.5).magnitude < 1e-12)
        let scored = try json(MetricsOptions(path: path, label: "kind", scores: ["a=pa", "b=pb", "c=pc"]))
        #expect((try number(scored, "metrics", "accuracy", "value") - 4.0 / 6).magnitude < 1e-12)
        #expect(try number(scored, "metrics", "log_loss", "value") > 0)
    }

    @Test func regressionAndRanking() throws {
        let prices = try file("price,forecast\n" + (1...60).map { "\($0).5,\($0)\n" }.joined())
        let root = try json(MetricsOptions(path: prices, label: "price", prediction: "forecast", quantile: 0.9))
        #expect(root["task"] as? String == "regression")
        #expect(try number(root, "metrics", "bias", "value") == -0.5 && number(root, "metrics", "mae", "value") == 0.5)
        #expect((try number(root, "metrics", "pinball", "value") - 0.45).magnitude < 1e-12)
        let lists = try file("q,s,r\na,3,3\na,2,2\na,1,0\na,0,1\nb,1,0\nb,0,1\n")
        let ranked = try json(MetricsOptions(path: lists, label: "r", scores: ["s"], query: "q"))
        #expect(ranked["task"] as? String == "ranking")
        #expect(try number(ranked, "metrics", "mrr", "value") == 0.75)
        // 0.98533 and 1/log₂3 = 0.63093.
        #expect((try number(ranked, "metrics", "ndcg", "value") - (0.985443 + 0.630930) / 2).magnitude < 1e-5)
    }

    @Test(arguments: ["binary", "regression", "multiclass"]) func thePageIsWellFormedAndWhole(_ task: String) throws {
        let path: String
        var options: MetricsOptions
        switch task {
        case "binary":
            path = try scored(300)
            options = MetricsOptions(
                path: path, label: "paid", scores: ["p"], segments: ["region", "p"], protected: ["sex"])
        case "regression":
            path = try file("price,forecast,<b>\n" + (1...60).map { "\($0).5,\($0),\"<&'>\"\n" }.joined())
            options = MetricsOptions(path: path, label: "price", prediction: "forecast", segments: ["<b>"])
        default:
            path = try file("kind,said\n" + (0..<60).map { "k\($0 % 3),k\($0 % 4 % 3)\n" }.joined())
            options = MetricsOptions(path: path, label: "kind", prediction: "said")
        }
        options.format = "html"
        let page = try MetricsCommand.render(options)
        let parser = XMLParser(data: Data(page.replacing("<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(!page.contains("<script") && !page.contains("http"))
        let pictures = page.components(separatedBy: "<svg").count - 1
        #expect(pictures == ["binary": 4, "regression": 2, "multiclass": 0][task])
        #expect(page.contains("Confusion matrix") == (task != "regression"))
        options.format = "text"
        let text = try MetricsCommand.render(options)
        #expect(text.contains("95 % interval") && !text.contains("nan") && !text.contains("inf"))
    }

    @Test(arguments: [
        (MetricsOptions(path: "", label: "paidd", scores: ["p"]), "did you mean \"paid\"?"),
        (MetricsOptions(path: "", label: "paid", scores: ["q"]), "--score: there is no column \"q\""),
        (MetricsOptions(path: "", label: "paid", scores: ["note"]), "not numbers"),
        (MetricsOptions(path: "", label: "paid"), "needs --score, --prediction or both"),
        (MetricsOptions(path: "", label: "paid", prediction: "region"), "is no label of"),
        (MetricsOptions(path: "", label: "region", scores: ["p"], task: .binary), "say which is --positive"),
        (MetricsOptions(path: "", label: "paid", scores: ["p"], positive: "maybe"), "it has: no, yes"),
        (MetricsOptions(path: "", label: "paid", scores: ["p"], segments: ["regio"]), "did you mean \"region\"?"),
        (MetricsOptions(path: "", label: "p", prediction: "p", protected: ["sex"]), "the task is regression"),
        (MetricsOptions(path: "", label: "paid", scores: ["p"], task: .ranking), "needs --query"),
        (MetricsOptions(path: "", label: "paid", scores: ["p"], quantile: 1), "--quantile"),
    ])
    func badQuestionsAreAnsweredWithExitTwo(_ options: MetricsOptions, _ said: String) throws {
        var options = options
        options.path = try scored(50)
        do {
            _ = try MetricsCommand.render(options)
            Issue.record("no error for \(said)")
        } catch let stop as CommandStop {
            #expect(stop.exitCode == 2)
            #expect(stop.message?.contains(said) == true, "\(stop.message ?? "")")
        }
    }
}
