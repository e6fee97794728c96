import Agent
import Alerting
import Detection
import Events
import Foundation
import Testing

/// What the model says is a column like any other.
struct PredictionDriftTests {
    private static let learned = "reference: {learn: 5000}"

    @Test(arguments: [ScoredStream.Task.binary, .multiclass, .regression])
    func aModelThatSpeaksOtherwiseIsFound(task: ScoredStream.Task) throws {
        let stream = ScoredStream(task: task, hours: 160, seed: 41, shift: 0.7, drift: 80..<130)
        let events = try stream.replay(Self.learned)
        #expect(events.fired.map(\.detector) == ["drift/prediction/divergence"])
        let alert = try #require(events.fired.first)
        #expect((alert.verdict.windowEnd - ScoredStream.start) / ScoredStream.hour - 80 <= 6)
        #expect(events.resolved.map(\.detector) == ["drift/prediction/divergence"])
    }

    @Test(arguments: [ScoredStream.Task.binary, .multiclass, .regression])
    func withoutDriftNothingIsSaid(task: ScoredStream.Task) throws {
        let events = try ScoredStream(task: task, hours: 300, seed: 42).replay(Self.learned)
        #expect(events.fired.isEmpty, "\(events.fired.map(\.detector))")
        let columns = events.all.compactMap { event -> [String]? in
            guard case .windowJudged(let window) = event, window.kind == .interval else { return nil }
            return window.verdicts.compactMap(\.column)
        }
        #expect(columns.count > 200 && columns.allSatisfy { $0 == ["a", "b", "prediction"] })
    }

    /// Fixed limits see it as well, by name too.
    @Test func rulesMayNameIt() throws {
        let stream = ScoredStream(hours: 100, seed: 43, shift: 1, drift: 60..<100)
        let rule = "drift: {rules: [{statistic: psi, columns: [prediction], raise: 0.2}]}"
        let events = try stream.replay("\(Self.learned), \(rule)")
        #expect(events.fired.map(\.detector) == ["drift/prediction/psi"])
    }

    @Test func itCanBeLeftOut() throws {
        let stream = ScoredStream(hours: 100, seed: 43, shift: 1, drift: 60..<100)
        let rule = "false_alarms: 1 per 30d, rules: [{statistic: psi, raise: 0.2}]"
        let events = try stream.replay("\(Self.learned), drift: {exclude: [prediction, outcome], \(rule)}")
        #expect(events.fired.isEmpty, "\(events.fired.map(\.detector))")
        let some = try stream.replay("\(Self.learned), drift: {columns: [a, b], false_alarms: 1 per 30d}")
        #expect(some.fired.isEmpty, "\(some.fired.map(\.detector))")
    }

    /// A feature of that name keeps it.
    @Test func itsNameIsNoFeatures() throws {
        var stream = ScoredStream(hours: 100, seed: 44, shift: 1, drift: 60..<100)
        stream.extraFeature = "prediction"
        let events = try stream.replay(Self.learned)
        #expect(events.fired.map(\.detector) == ["drift/model.prediction/divergence"])
    }

    @Test func aTableSaysWhatTheModelUsedToSay() throws {
        let path = NSTemporaryDirectory() + "tidewatch-scored-\(UUID().uuidString).csv"
        defer { RealData.remove(path) }
        var rows = "a,b,said,label\n"
        for message in ScoredStream(hours: 30, seed: 45).messages() {
            let found = try #require(
                try JSONSerialization.jsonObject(with: Data(message.value)) as? [String: Any])
            guard let features = found["features"] as? [String: Double], let score = found["score"] as? Double
            else { continue }
            rows += "\(features["a"] ?? 0),\(features["b"] ?? 0),\(score),fine\n"
        }
        try Data(rows.utf8).write(to: URL(fileURLWithPath: path))
        let stream = ScoredStream(hours: 60, seed: 46, shift: 0.7, drift: 30..<60)
        let watched = try stream.replay("reference: {file: \"\(path)\", target: label, prediction: said}")
        #expect(watched.fired.map(\.detector) == ["drift/prediction/divergence"])
        let unwatched = try stream.replay("reference: {file: \"\(path)\", target: label, exclude: [said]}")
        #expect(unwatched.fired.isEmpty)
        #expect(throws: (any Error).self) {
            try stream.replay("reference: {file: \"\(path)\", target: label, prediction: sead}")
        }
    }
}
