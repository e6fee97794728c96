import Events
import Foundation
import Testing
import Windowing

@testable import Agent

/// The time of a recording, which has no clock beside its events.
struct StreamTimeTests {
    private static let day: Int64 = 86_400_000_000
    private static let start: Int64 = 1_767_225_600_000_000

    private static func message(_ time: Int64, _ value: String = "") -> SourceMessage {
        SourceMessage(
            source: 0, partition: 0, offset: 0, timestampMicroseconds: time, key: [], value: Array(value.utf8))
    }

    private static func settled(_ times: [Int64], following: [Int64] = []) -> [Int64] {
        var time = StreamTime(maximumLead: 7 * day)
        var batch = times.map { message($0) }
        time.settle(&batch, following: following.map { message($0) })
        return batch.map(\.timestampMicroseconds)
    }

    @Test func anEventOfTheYear2100IsNotTheStreamsTime() {
        let year2100: Int64 = 4_102_444_800_000_000
        let times = (0..<10).map { Self.start + Int64($0) }
        #expect(Self.settled([year2100] + times) == [times[0]] + times)
        #expect(Self.settled(times + [year2100], following: times) == times + [times[9]])
        // Many of them, too, as long as they are the fewer.
        let mixed = times.flatMap { [$0, $0, year2100] }
        #expect(Self.settled(mixed).dropLast().allSatisfy { $0 < year2100 })
    }

    @Test func aGapIsNoMistake() {
        let times = (0..<10).map { Self.start + Int64($0) } + (0..<3).map { Self.start + 90 * Self.day + Int64($0) }
        #expect(Self.settled(times) == times)
        #expect(Self.settled([0] + times) == [0] + times)
        let hourly = (0..<900).map { Self.start + Int64($0) * Self.day }
        #expect(Self.settled(hourly) == hourly)
        #expect(Self.settled([.min, .max]) == [.min, .max])
    }

    /// One bad time was enough to make a whole recording late.
    @Test func aReplayOutlivesIt() throws {
        let configuration = try AgentConfiguration.parse(
            """
            models:
              - {name: m, task: binary, positive: "1", reference: {learn: 100}, window: {length: 1d, slide: 1d}}
            """)
        let year2100 = "2100-01-01T00:00:00Z"
        let lines = (0..<4_000).map { number in
            let time = number == 700 ? year2100 : EventTime.format(Self.start + Int64(number) * Self.day / 1_000)
            return "{\"kind\":\"prediction\",\"id\":\"\(number)\",\"model\":\"m\",\"time\":\"\(time)\","
                + "\"features\":{\"a\":\(number % 7)}}"
        }
        let path = FileManager.default.temporaryDirectory.appending(path: "stream-\(UUID().uuidString).jsonl").path()
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        defer { RealData.remove(path) }
        let replay = try Replay(configuration: configuration)
        var source = try JSONLinesSource(path: path)
        try replay.run(&source) { _ in }
        replay.finish { _ in }
        #expect(replay.counters.rejected[.timeInFuture] == 1)
        #expect(replay.counters.predictions == 3_999 && replay.counters.latePredictions == 0)
    }

    @Test func aReferenceWithoutRowsIsRefused() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "reference-\(UUID().uuidString).csv").path()
        try "a,b\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { RealData.remove(path) }
        let configuration = try AgentConfiguration.parse(
            "models: [{name: m, task: binary, positive: \"1\", reference: {file: \(path)}}]")
        let error = #expect(throws: (any Error).self) { try Replay(configuration: configuration) }
        #expect(error.map { "\($0)" }?.contains("has a header and no rows") == true)
    }

    /// A reference file that cannot be used is the user's mistake, and not the agent's failure.
    @Test func aReferenceThatCannotBeReadEndsWith2() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reference-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { RealData.remove(folder) }
        try "a,b\n1,x\n".write(toFile: folder + "/table.csv", atomically: true, encoding: .utf8)
        for reference in ["{file: \(folder)/table.csv, time: ts}", "{file: \(folder)/none.csv}"] {
            try "models: [{name: m, task: binary, positive: \"1\", reference: \(reference)}]"
                .write(toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
            let replayed = #expect(throws: CommandStop.self) {
                try ReplayCommand.run(ReplayOptions(configurationPath: folder + "/c.yaml", paths: []))
            }
            #expect(replayed?.exitCode == 2)
            let run = #expect(throws: CommandStop.self) {
                try RunCommand.run(
                    configurationPath: folder + "/c.yaml",
                    overrides: ["kafka.bootstrap_servers=127.0.0.1:1", "agent.state_directory=\(folder)/state"],
                    format: .text)
            }
            #expect(run?.exitCode == 2 && run?.message?.contains("reference.file") == true)
        }
    }
}
