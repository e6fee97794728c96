import Foundation
import Testing

@testable import Agent

/// A day without events, or a dump of which nothing is an event: a replay says so and ends.
@Suite struct ReplayOfNothingTests {
    @Test(arguments: ["", "{bad\n", "{\"kind\":\"prediction\",\"id\":\"a\",\"model\":\"nobody\"}\n"])
    func endsWithNothingSaid(_ text: String) throws {
        let folder = NSTemporaryDirectory() + "tidewatch-nothing-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { RealData.remove(folder) }
        try text.write(toFile: folder + "/events.jsonl", atomically: true, encoding: .utf8)
        let yaml = """
            models:
              - name: m
                task: binary
                positive: "yes"
                drift: {false_alarms: 1 per 30d}
                performance: {rules: [{metric: accuracy, raise_below: 0.5}]}
            """
        try yaml.write(toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
        try ReplayCommand.run(
            ReplayOptions(configurationPath: folder + "/c.yaml", paths: [folder + "/events.jsonl"], isQuiet: true))
    }
}
