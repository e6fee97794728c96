import Agent
import Foundation
import Testing
import TidewatchTestKit

/// Crashes, damage and full disks under a running agent: the windows that follow are those of an undisturbed run.
@Suite(.serialized) struct LiveCheckpointTests {
    private static let hours = 24

    private static func story(_ harness: LiveHarness) throws {
        try harness.produce(hours: 0..<8, outcomes: true)
        try harness.produce(hours: 8..<11, shift: 70, outcomes: true)
        try harness.produce(hours: 11..<(hours + 4), outcomes: true)
    }

    /// The windows of a run in this process that nothing disturbed.
    private func undisturbed(outcomes: Bool, produce: (LiveHarness) throws -> Void) throws -> [WindowHistory.Entry] {
        let harness = try LiveHarness()
        try produce(harness)
        let run = try harness.run(harness.yaml(outcomes: outcomes))
        try run.handle(harness.produced)
        try run.stop()
        let windows = try harness.windows(endingBy: Self.hours)
        #expect(windows.count >= Self.hours - 4)
        return windows
    }

    /// The whole stream is there from the start, so that kills fall into the middle of batches, closings and checkpoints.
    @Test func killNineAtAnyMomentChangesNoWindow() throws {
        let seed: UInt64 = 1
        let expected = try undisturbed(outcomes: true, produce: Self.story)
        let harness = try LiveHarness()
        try Self.story(harness)
        // Few records a fetch, so that the run takes long enough to be killed in its middle.
        let yaml = harness.yaml(outcomes: true, properties: ", fetch.message.max.bytes: \"4000\"")
        var generator = SeededGenerator(seed: seed)
        var hour = 0
        for _ in 0..<3 {
            hour += Int.random(in: 2...6, using: &generator)
            let process = try harness.spawn(yaml)
            try process.waitForWindow(endingAt: hour)
            process.kill()
        }
        let last = try harness.spawn(yaml)
        // A later one: that the one before it is kept is certain then.
        try last.waitForWindow(endingAt: Self.hours + 1, kinds: ["drift", "performance"])
        last.kill()
        let windows = try harness.windows(endingBy: Self.hours)
        let differences = windows.difference(from: expected)
        #expect(differences.isEmpty, "seed \(seed): \(differences)")
    }

    /// The disk takes nothing more while windows close and an alert fires; later it does again.
    @Test func aFullDiskLosesNoWindowAndNoAlert() throws {
        let story: [(LiveHarness) throws -> Void] = [
            { try $0.produce(hours: 0..<6) }, { try $0.produce(hours: 6..<10, shift: 70) },
            { try $0.produce(hours: 10..<(Self.hours + 4), shift: 70) },
        ]
        let expected = try undisturbed(outcomes: false) { harness in for part in story { try part(harness) } }
        let harness = try LiveHarness()
        let receiver = try HookReceiver("ok")
        let process = try harness.spawn(harness.yaml(webhooks: [receiver.url]))
        try story[0](harness)
        try process.waitForWindow(endingAt: 5)
        try process.limitFiles(to: 1)
        try story[1](harness)
        try process.waitForLines(1, containing: "checkpoint could not be written")
        try process.waitForLines(1, containing: "drift_detected")
        try process.limitFiles(to: nil)
        try story[2](harness)
        try process.waitForWindow(endingAt: Self.hours + 1)
        try receiver.requests(1)
        try process.waitForLines(1, containing: "alert_sent")
        process.kill()
        let differences = try harness.windows(endingBy: Self.hours).difference(from: expected)
        #expect(differences.isEmpty, "\(differences)")
        #expect(try receiver.finish().map { $0.id.hasSuffix(".firing") } == [true])
    }

    /// Damages each place where the state lies, one after the other: the other generation takes over. Where both are
    /// damaged the agent refuses and says what to do; doing so rebuilds the same windows.
    @Test func aDamagedCheckpointIsPassedOverAndTwoAreRefusedWithWhatToDo() throws {
        let expected = try undisturbed(outcomes: false) { try $0.produce(hours: 0..<(Self.hours + 2)) }
        let harness = try LiveHarness()
        try harness.produce(hours: 0..<12)
        let first = try harness.run(harness.yaml())
        try first.handle(harness.produced)
        try first.stop()
        let sound = try files(harness.statePath)
        var fallbacks = 0
        for place in places(of: Data("latestDrift".utf8), in: sound) {
            var damaged = sound
            damaged[place.file]?.replaceSubrange(place.offset..<(place.offset + 5), with: Data("?????".utf8))
            try write(damaged)
            let run = try LiveRun(harness.yaml(), path: harness.statePath)
            if run.events.problems.contains(where: { $0.contains("is damaged") }) { fallbacks += 1 }
            try run.stop()
        }
        #expect(fallbacks >= 2, "each of the two files was passed over")

        // Damage everywhere cannot be passed over.
        var ruined = sound
        for place in places(of: Data("latestDrift".utf8), in: sound) {
            ruined[place.file]?.replaceSubrange(place.offset..<(place.offset + 5), with: Data("?????".utf8))
        }
        try write(ruined)
        let error = #expect(throws: (any Error).self) { _ = try LiveRun(harness.yaml(), path: harness.statePath) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("checkpoint.*") && text.contains("move these files away"), "\(text)")

        for file in try files(harness.statePath).keys { try FileManager.default.removeItem(atPath: file) }
        try harness.produce(hours: 12..<(Self.hours + 2))
        let last = try harness.run(harness.yaml())
        try last.handle(harness.produced)
        try last.stop()
        #expect(try harness.windows(endingBy: Self.hours) == expected)
    }

    /// Both generations, and their segments.
    private func files(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) where name.hasPrefix("checkpoint.") {
            let file = "\(folder)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files[file] = try Data(contentsOf: URL(fileURLWithPath: file))
        }
        return files
    }

    private func write(_ files: [String: Data]) throws {
        for (path, bytes) in files { try bytes.write(to: URL(fileURLWithPath: path)) }
    }

    private func places(of text: Data, in files: [String: Data]) -> [(file: String, offset: Int)] {
        files.sorted { $0.key < $1.key }.flatMap { file, bytes in
            var places: [(file: String, offset: Int)] = []
            var start = bytes.startIndex
            while let range = bytes.range(of: text, in: start..<bytes.endIndex) {
                places.append((file, range.lowerBound))
                start = range.upperBound
            }
            return places
        }
    }
}
