import Foundation
import FoundationXML
import Statistics
import Testing
import TidewatchTestKit

@testable import Agent

@Suite struct DetectCommandTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "detect-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ text: String, _ name: String = "table.csv") throws -> String {
        let path = folder.appending(path: name).path()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func json(_ options: DetectOptions) throws -> [String: Any] {
        let text = try DetectCommand.render(try DetectCommand.report(options), format: "json")
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func said(_ options: DetectOptions) throws -> (code: Int32, message: String) {
        do {
            try DetectCommand.run(options)
        } catch let stop as CommandStop {
            return (stop.exitCode, stop.message ?? "")
        }
        return (0, "")
    }

    /// The rows, counted from 1, where the library's detector drifts.
    private func libraryDrifts(_ kind: OnlineDetectorKind, _ values: [Double]) -> [Int] {
        var detector = AnyOnlineDetector(kind)
        return values.indices.filter { detector.update(values[$0]) == .drift }.map { $0 + 1 }
    }

    private static let change = 1_000

    /// Numbers that step from 0 to 3, and errors that step from 10 % to 50 %, both below 1,000 rows.
    private func step() throws -> (path: String, values: [Double], errors: [Double]) {
        var stream = DriftStream(seed: 9)
        let values = (0..<2_000).map { stream.normal(mean: $0 < Self.change ? 0 : 3) }
        let errors = (0..<2_000).map { stream.uniform() < ($0 < Self.change ? 0.1 : 0.5) ? 1.0 : 0 }
        let rows = values.indices.map { row in
            let label = row % 3 == 0 ? "good" : "bad"
            let said = errors[row] == 0 ? label : label == "good" ? "bad" : "good"
            let minute = String(format: "%02d:%02d", row / 60, row % 60)
            return "\(values[row]),\(errors[row]),\(label),\(said),2026-11-22T\(minute):00Z\n"
        }
        return (try file("x,wrong,label,said,at\n" + rows.joined()), values, errors)
    }

    @Test(arguments: OnlineDetectorKind.allCases) func aStepIsFoundWhereTheLibraryFindsIt(
        _ kind: OnlineDetectorKind
    ) throws {
        let (path, values, errors) = try step()
        let report = try DetectCommand.report(
            DetectOptions(
                path: path, signal: kind.takesErrors ? "wrong" : "x", time: "at", detectors: [kind.rawValue]))
        let found = try #require(report.detectors.first)
        #expect(report.detectors.count == 1 && found.taken == 2_000 && found.refused == 0 && found.status == .ok)
        // The library says the one change twice while ADWIN forgets what was before it.
        let signals = libraryDrifts(kind, kind.takesErrors ? errors : values)
        #expect(found.drifts.map(\.row) == (kind == .adwin ? [signals[0]] : signals))
        let drift = try #require(found.drifts.first { $0.row > Self.change })
        #expect(drift.row <= Self.change + 200)
        #expect(drift.time == String(format: "2026-11-22T%02d:%02d:00Z", (drift.row - 1) / 60, (drift.row - 1) % 60))
        if [.adwin, .pageHinkley, .cusum].contains(kind) {
            // Exact to a row or two with a step of three standard deviations.
            #expect(abs(drift.began - (Self.change + 1)) <= 2)
            let (before, after) = (try #require(drift.meanBefore), try #require(drift.meanAfter))
            #expect(abs(before) < 0.2 && abs(after - 3) < 1)
        }
    }

    /// Each of several changes is said once, however often ADWIN signals while it forgets.
    @Test func adwinSaysEveryChangeOnce() throws {
        var stream = DriftStream(seed: 21)
        let values = [0.0, 3, 0, 6].flatMap { level in stream.normals(1_000, shift: level) }
        #expect(libraryDrifts(.adwin, values).count > 3)
        let path = try file("x\n" + values.map { "\($0)\n" }.joined())
        let report = try DetectCommand.report(DetectOptions(path: path, signal: "x", detectors: ["adwin"]))
        let drifts = try #require(report.detectors.first).drifts
        #expect(drifts.map { ($0.began + 5) / 1_000 } == [1, 2, 3])
        #expect(drifts.allSatisfy { $0.row - $0.began < 200 })
    }

    @Test func theErrorIsThatOfLabelAndPrediction() throws {
        let (path, _, errors) = try step()
        let kinds = ["ddm", "hddm_a", "adwin", "ddm"]
        let report = try DetectCommand.report(
            DetectOptions(path: path, label: "label", prediction: "said", detectors: kinds))
        #expect(report.signal.values == errors && report.signal.source == .classError)
        #expect(report.detectors.map(\.kind) == [.ddm, .hddmA, .adwin])
        for detector in report.detectors {
            let signals = libraryDrifts(detector.kind, errors)
            #expect(detector.drifts.map(\.row) == (detector.kind == .adwin ? [signals[0]] : signals))
        }
        let ddm = report.detectors[0]
        #expect(ddm.warnings.contains { $0.row > Self.change && $0.length > 1 }, "a warning goes before the drift")
        #expect(ddm.warnings.allSatisfy { warning in warning.meanAfter.map { $0 > 0 } ?? false })
    }

    @Test func numbersOnBothSidesGiveTheAbsoluteError() throws {
        let path = try file(
            "y,f,ok,said\n2,1.5,true,1\n2,4,false,1\n,4,true,0\n1,inf,false,0\n3,text,true,1\n0,0,?,1\n")
        let numbers = try DetectCommand.report(DetectOptions(path: path, label: "y", prediction: "f"))
        #expect(numbers.signal.source == .absoluteError)
        #expect(Array(numbers.signal.values.filter { !$0.isNaN }) == [0.5, 2, 0])
        #expect(numbers.signal.missing == 1 && numbers.signal.infinite == 1 && numbers.signal.text == 1)
        let flags = try DetectCommand.report(DetectOptions(path: path, label: "ok", prediction: "said"))
        #expect(Array(flags.signal.values.prefix(5)) == [0, 1, 1, 0, 0] && flags.signal.missing == 1)
    }

    @Test func brokenValuesAreCountedAndChangeNothing() throws {
        var stream = DriftStream(seed: 10)
        var lines: [String] = []
        var kept: [Double] = []
        for row in 0..<600 {
            let value = stream.uniform() < (row < 300 ? 0.05 : 0.9) ? 1.0 : 0
            lines.append("{\"e\": \(value)}")
            kept.append(value)
            let broken = [
                "{}", "{\"e\": null}", "{\"e\": \"inf\"}", "{\"e\": 1e300}", "{\"e\": \"oops\"}", "{\"e\": 7}",
            ]
            if row % 50 == 0 { lines.append(broken[row / 50 % 6]) }
        }
        let path = try file(lines.joined(separator: "\n") + "\n", "errors.jsonl")
        let report = try DetectCommand.report(DetectOptions(path: path, signal: "e", detectors: ["all"]))
        #expect(report.signal.missing == 4 && report.signal.infinite == 4 && report.signal.text == 2)
        #expect(report.signal.usedCount == 602)
        #expect(report.detectors.map(\.kind) == OnlineDetectorKind.allCases)
        for detector in report.detectors {
            // The two sevens are errors to nobody, numbers to the others.
            #expect(detector.refused == (detector.kind.takesErrors ? 2 : 0))
            #expect(detector.taken + detector.refused == 602)
            if detector.kind.takesErrors {
                #expect(detector.drifts.count == libraryDrifts(detector.kind, kept).count)
            }
        }
        for format in ["text", "html", "json"] {
            let text = try DetectCommand.render(report, format: format)
            #expect(!text.lowercased().contains("nan,") && !text.contains("inf ") && !text.isEmpty)
        }
    }

    @Test func jsonHasTheKeysOfTheDocumentation() throws {
        let (path, _, errors) = try step()
        let root = try json(
            DetectOptions(path: path, label: "label", prediction: "said", time: "at", detectors: ["ddm", "kswin"]))
        #expect(Set(root.keys) == ["rows", "signal", "rows_out_of_order", "detectors", "drift"])
        #expect(root["rows"] as? Int == 2_000 && root["rows_out_of_order"] as? Int == 0)
        let signal = try #require(root["signal"] as? [String: Any])
        #expect(Set(signal.keys) == ["kind", "name", "used", "missing", "infinite", "text", "mean"])
        #expect(signal["kind"] as? String == "class_error" && signal["used"] as? Int == 2_000)
        #expect(abs(try #require(signal["mean"] as? Double) - errors.reduce(0, +) / 2_000) < 1e-12)
        let detectors = try #require(root["detectors"] as? [[String: Any]])
        #expect(detectors.map { $0["detector"] as? String } == ["ddm", "kswin"])
        let ddm = try #require(detectors.first)
        #expect(Set(ddm.keys) == ["detector", "status", "used", "refused", "drifts", "warnings"])
        let drift = try #require((ddm["drifts"] as? [[String: Any]])?.first { ($0["row"] as? Int ?? 0) > Self.change })
        #expect(Set(drift.keys) == ["row", "time", "began", "mean_before", "mean_after"])
        #expect((drift["time"] as? String)?.hasPrefix("2026-11-22T") == true)
        let warning = try #require((ddm["warnings"] as? [[String: Any]])?.first)
        #expect(Set(warning.keys) == ["row", "time", "rows", "mean_before", "mean_after"])
        let found = try #require(root["drift"] as? [String: Any])
        #expect(found["detected"] as? Bool == true && (found["detectors"] as? [String])?.contains("ddm") == true)
        // Without times and without a drift.
        let quiet = try json(DetectOptions(path: try file("x\n1\n2\n"), signal: "x"))
        #expect(quiet["rows_out_of_order"] is NSNull)
        #expect((quiet["drift"] as? [String: Any])?["detected"] as? Bool == false)
        #expect((quiet["detectors"] as? [[String: Any]])?.first?["status"] as? String == "insufficient")
    }

    @Test func timesThatGoBackAreCounted() throws {
        let path = try file("x,at,n,none\n1,2026-01-02,5,a\n2,2026-01-01,6,b\n3,2026-01-03,5,c\n4,,1,d\n")
        func early(_ time: String) throws -> Int? {
            try DetectCommand.report(DetectOptions(path: path, signal: "x", time: time)).rowsOutOfOrder
        }
        #expect(try early("at") == 1)
        #expect(try early("n") == 2)
        #expect(try early("none") == nil)
    }

    @Test func thePageIsWellFormedAndWhole() throws {
        let (path, _, _) = try step()
        var text = try String(contentsOfFile: path, encoding: .utf8)
        text = text.replacing("wrong", with: "<b>&\"'\u{1B}").replacing(",2026-11-22T", with: ",<i>2026")
        let hostile = try file(text, "hostile.csv")
        let report = try DetectCommand.report(
            DetectOptions(path: hostile, signal: "<b>&\"'\u{1B}", time: "at", detectors: ["all"]))
        let page = try DetectCommand.render(report, format: "html")
        let parser = XMLParser(data: Data(page.replacing("<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(!page.contains("<script") && !page.contains("http") && !page.contains("<i>"))
        #expect(page.components(separatedBy: "<svg").count - 1 == 8)
        let marks = report.detectors.reduce(0) { $0 + min(500, $1.drifts.count) }
        #expect(marks > 0 && page.components(separatedBy: "class=\"drift\"").count - 1 == marks)
        let plain = try DetectCommand.render(report, format: "text")
        #expect(plain.contains("changed at row") && !plain.contains("\u{1B}") && plain.contains("▁"))
    }

    @Test func driftIsExitThreeOnlyWhereAskedFor() throws {
        let (path, _, _) = try step()
        let output = folder.appending(path: "found.json").path()
        var options = DetectOptions(path: path, signal: "x", format: "json", outputPath: output, isQuiet: true)
        #expect(try said(options).code == 0)
        options.failsOnDrift = true
        #expect(try said(options).code == 3)
        #expect(try String(contentsOfFile: output, encoding: .utf8).contains("\"drifts\""))
        options.signal = "wrong"
        options.detectors = ["cusum"]
        options.path = try file("wrong\n" + String(repeating: "0\n", count: 200))
        #expect(try said(options).code == 0)
    }

    @Test(arguments: [
        (DetectOptions(path: ""), "what is to be watched?"),
        (DetectOptions(path: "", signal: "valu"), "did you mean \"value\"?"),
        (DetectOptions(path: "", signal: "value", time: "when"), "--time: there is no column \"when\""),
        (DetectOptions(path: "", signal: "value", label: "class"), "give one"),
        (DetectOptions(path: "", label: "class"), "both --label and --prediction"),
        (DetectOptions(path: "", label: "class", prediction: "note"), "is no label of \"class\""),
        (DetectOptions(path: "", signal: "note"), "has a number, but text"),
        (DetectOptions(path: "", signal: "empty"), "there is nothing to watch"),
        (DetectOptions(path: "", signal: "value", detectors: ["adwinn"]), "known are adwin, page_hinkley"),
        (DetectOptions(path: "", signal: "value", detectors: ["ddm", "hddm_w"]), "takes errors"),
    ])
    func badQuestionsAreAnsweredWithExitTwo(_ options: DetectOptions, _ message: String) throws {
        var options = options
        options.path = try file(
            "value,class,note,empty\n" + (0..<60).map { "\($0 + 2),c\($0 % 2),n,\n" }.joined())
        let found = try said(options)
        #expect(found.code == 2 && found.message.contains(message), "\(found.message)")
    }

    @Test(arguments: ["", "x\n", "x,y\n1\n", "{\"x\": [1]}\n", "{\"x\": 1}\n{broken\n"])
    func brokenFilesAreAnsweredWithExitTwo(_ text: String) throws {
        let found = try said(DetectOptions(path: try file(text), signal: "x"))
        #expect(found.code == 2 && !found.message.isEmpty)
        #expect(try said(DetectOptions(path: folder.path() + "/absent.csv", signal: "x")).code == 2)
    }

    /// The error of the model "as half an hour ago". Oracle: river 0.23.0 on the same errors, defaults.
    @Test(.enabled(if: RealData.isThere, "TIDEWATCH_DATA names no folder: skipped"))
    func electricityDriftsWhereRiverSaysSo() throws {
        let report = try DetectCommand.report(
            DetectOptions(
                path: try naiveElectricity(), label: "class", prediction: "before", detectors: ["all"]))
        #expect(report.signal.values.count == 45_312 && report.signal.missing == 1)
        #expect(abs(try #require(report.signal.mean) - 0.1466972699785924) < 1e-12)
        let rows = Dictionary(uniqueKeysWithValues: report.detectors.map { ($0.kind, $0.drifts.map(\.row)) })
        #expect(rows[.ddm] == [2_464])
        #expect(rows[.eddm]?.count == 66 && rows[.eddm]?.prefix(5) == [278, 527, 723, 911, 1_238])
        #expect(rows[.hddmA] == [13_031, 14_059, 25_145, 40_697, 40_945, 41_762])
        #expect(
            rows[.pageHinkley] == [2_690, 8_221, 13_419, 15_700, 19_206, 24_127, 27_365, 31_368, 36_140, 41_344])
        // River's window is empty after a change, ours keeps the newer part: only the first is the same.
        #expect(rows[.adwin]?.first == 2_849)
    }

    /// `vicprice` stands still up to row 17,424 and moves from the next one on.
    @Test(.enabled(if: RealData.isThere, "TIDEWATCH_DATA names no folder: skipped"))
    func thePriceThatBeginsToMoveIsFoundInTheCompressedFile() throws {
        let report = try DetectCommand.report(
            DetectOptions(
                path: RealData.path("elec2_electricity_nsw.csv.gz"), signal: "vicprice", time: "date",
                detectors: ["kswin"]))
        let first = try #require(report.detectors.first?.drifts.first)
        #expect((17_425...17_455).contains(first.row), "\(first)")
        #expect(first.time == "0.442326" && (17_425...first.row).contains(first.began))
        // The file's dates do go back; pandas: (date < date.cummax()).sum().
        #expect(report.rowsOutOfOrder == 13_296)
    }

    private func naiveElectricity() throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", RealData.path("elec2_electricity_nsw.csv.gz")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        var before = ""
        var text = "class,before\n"
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst() {
            let label = line.split(separator: ",").last.map(String.init) ?? ""
            text += "\(label),\(before)\n"
            before = label
        }
        return try file(text, "elec2.csv")
    }
}
