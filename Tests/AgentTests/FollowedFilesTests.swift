import Agent
import Events
import Foundation
import Testing
import TidewatchTestKit
import Windowing

/// `tidewatch run` on files instead of topics.
@Suite(.serialized) struct FollowedFilesTests {
    /// Predictions and outcomes of some days, in stages, as lines of two files.
    private struct Log {
        static let stages = 4
        static let stageLength: Int64 = 18 * 3_600_000_000
        let directory: String

        static func start(of stage: Int) -> Int64 { 1_767_225_600_000_000 + Int64(stage) * stageLength }

        init() throws {
            directory = NSTemporaryDirectory() + "tidewatch-files-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }

        func configuration(_ sources: String) throws -> String {
            let text = """
                agent: {state_directory: "\(directory)/state", workers: 2, checkpoint_interval: 100ms}
                sources: {\(sources), start: earliest, allowed_lateness: 5m}
                models:
                  - name: fraud
                    task: binary
                    positive: fraud
                    reference: {learn: 300}
                    window: {length: 6h, slide: 1h}
                    max_label_delay: 12h
                    drift: {minimum_sample: 50, false_alarms: 1 per 7d, rules: [{statistic: psi, raise: 0.25, clear: 0.1}]}
                    performance: {minimum_sample: 20, rules: [{metric: accuracy, raise_below: 0.6}]}
                """
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/agent.yaml"))
            return directory + "/agent.yaml"
        }

        func lines(of stage: Int) -> (predictions: String, outcomes: String) {
            var generator = SeededGenerator(seed: 5 &+ UInt64(stage))
            var (predictions, outcomes) = ("", "")
            for number in 0..<1_000 {
                let time = Self.start(of: stage) + Int64(number) * Self.stageLength / 1_000
                let score = Double.random(in: 0..<1, using: &generator)
                let label = Double.random(in: 0..<1, using: &generator) < score ? "fraud" : "fine"
                let amount = Double.random(in: 0..<100, using: &generator) * (stage > 1 ? 2 : 1)
                predictions +=
                    "{\"kind\":\"prediction\",\"id\":\"\(stage)-\(number)\",\"time\":\(time),\"features\":"
                    + "{\"amount\":\(amount)},\"score\":\(score)}\n"
                outcomes +=
                    "{\"kind\":\"outcome\",\"id\":\"\(stage)-\(number)\",\"time\":\(time),\"label\":\"\(label)\"}\n"
            }
            return (predictions, outcomes)
        }

        func append(_ text: String, to name: String) throws {
            let path = directory + "/" + name
            if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
        }

        /// As logrotate does it.
        func rotate(_ name: String) throws {
            let path = directory + "/" + name
            for number in (1..<5).reversed() where FileManager.default.fileExists(atPath: path + ".\(number)") {
                try FileManager.default.moveItem(atPath: path + ".\(number)", toPath: path + ".\(number + 1)")
            }
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        }

        func windows() throws -> [WindowHistory.Entry] {
            try StateDirectory(path: directory + "/state").history.windows(of: "fraud")
                .filter { $0.endMicroseconds <= Self.start(of: Self.stages) }
        }
    }

    private func windows(disturbing: Bool) throws -> [WindowHistory.Entry] {
        let log = try Log()
        defer { RealData.remove(log.directory) }
        let path = try log.configuration(
            "predictions: {file: \"\(log.directory)/predictions.jsonl\"}, "
                + "outcomes: {file: \"\(log.directory)/outcomes.jsonl\"}")
        var agent = try AgentProcess(configuration: path)
        for stage in 0..<Log.stages {
            let (predictions, outcomes) = log.lines(of: stage)
            try log.append(predictions, to: "predictions.jsonl")
            try log.append(outcomes, to: "outcomes.jsonl")
            try agent.waitForWindow(endingAfter: Log.start(of: stage) + Log.stageLength / 2)
            guard disturbing, stage < Log.stages - 1 else { continue }
            agent.kill()
            // While nobody looks.
            try log.rotate("predictions.jsonl")
            if stage == 1 { try log.rotate("outcomes.jsonl") }
            if stage == 2 { try log.append("no event\n", to: "predictions.jsonl") }
            agent = try AgentProcess(configuration: path)
        }
        let late = Log.start(of: Log.stages) + 3 * Log.stageLength
        for (kind, name) in [("prediction", "predictions.jsonl"), ("outcome", "outcomes.jsonl")] {
            let rest = kind == "outcome" ? ",\"label\":\"fine\"" : ",\"features\":{}"
            try log.append("{\"kind\":\"\(kind)\",\"id\":\"end\",\"time\":\(late)\(rest)}\n", to: name)
        }
        try agent.waitForWindow(endingAfter: Log.start(of: Log.stages), kind: "performance")
        agent.kill()
        return try log.windows()
    }

    @Test func windowsAreTheSameThroughKillNineAndRotation() throws {
        let straight = try windows(disturbing: false)
        #expect(straight.count > 100)
        let disturbed = try windows(disturbing: true)
        let difference = zip(disturbed, straight).first { $0 != $1 }
        #expect(disturbed.count == straight.count)
        #expect(difference == nil, "\(difference.map { "\($0) for \($1)" } ?? "")")
    }

    @Test func standardInputIsReadToItsEnd() throws {
        let log = try Log()
        defer { RealData.remove(log.directory) }
        let path = try log.configuration("predictions: {file: \"-\"}")
        let input = Pipe()
        let agent = try AgentProcess(configuration: path, input: input)
        for stage in 0..<2 {
            let (predictions, outcomes) = log.lines(of: stage)
            for (prediction, outcome) in zip(predictions.split(separator: "\n"), outcomes.split(separator: "\n")) {
                try input.fileHandleForWriting.write(contentsOf: Data("\(prediction)\n\(outcome)\n".utf8))
            }
        }
        try input.fileHandleForWriting.close()
        #expect(agent.waitUntilEnded() == 0)
        let windows = try log.windows()
        #expect(
            windows.contains { $0.kind == "performance" && $0.endMicroseconds > Log.start(of: 1) + 12 * 3_600_000_000 })
    }

    /// Each once per model, however many lines have it; what a line should not be is counted as on a topic.
    @Test func unknownKeysAreNamedOnceAndBadLinesCounted() throws {
        let log = try Log()
        defer { RealData.remove(log.directory) }
        let path = try log.configuration(
            "max_event_bytes: 1KiB, predictions: {file: \"\(log.directory)/events.jsonl\"}")
        let run = try LiveRun(String(contentsOfFile: path, encoding: .utf8), path: log.directory + "/state")
        for number in 0..<2_000 {
            let time = Log.start(of: 0) + Int64(number) * 1_000_000
            let extra =
                switch number {
                case 1_500: ",\"region\":\"eu\""
                case 1_700: ",\"note\":\"\(String(repeating: "x", count: 2_000))\""
                case 1_800: ",\"score\":2"
                default: ""
                }
            try log.append(
                "{\"kind\":\"prediction\",\"id\":\"\(number)\",\"time\":\(time),\"trace\":1\(extra)}\n",
                to: "events.jsonl")
        }
        try run.handle(2_000)
        try run.problem("key \"region\"")
        #expect(run.events.problems.count { $0.contains("key \"trace\"") } == 1)
        #expect(run.agent.counters.predictions == 1_998)
        #expect(run.agent.counters.rejected == [.tooLarge: 1, .badField: 1])
        try run.stop()
    }

    @Test func aScoredTableIsFollowed() throws {
        let log = try Log()
        defer { RealData.remove(log.directory) }
        let path = try log.configuration(
            "predictions: {file: \"\(log.directory)/scored.csv\", csv: {time_column: at, id_column: id, "
                + "score_column: score, outcome_column: label}}")
        let run = try LiveRun(
            String(contentsOfFile: path, encoding: .utf8), path: log.directory + "/state")
        try log.append("at,id,amount,score,label\n", to: "scored.csv")
        var written: Int64 = 0
        for number in 0..<600 {
            let time = EventTime.format(Log.start(of: 0) + Int64(number) * 60_000_000)
            let row =
                number == 100
                ? "broken\n"
                : "\(time),r\(number),\(number % 7),0.\(number % 10),\(number % 3 == 0 ? "fraud" : "fine")\n"
            try log.append(row, to: "scored.csv")
            written += number == 100 ? 1 : 2
        }
        try run.handle(written)
        try run.problem("the row has 1 cells where the header has 5")
        #expect(run.agent.counters.predictions == 599)
        #expect(run.agent.counters.joined == 599)
        #expect(run.agent.counters.rejected.values.reduce(0, +) == 1)
        try run.stop()
    }
}
