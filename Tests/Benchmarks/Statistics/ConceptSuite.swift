import BenchmarkPeers
import Foundation
import TidewatchTestKit

/// How many rows pass before a switch of the concept is noticed in a model's errors: Tidewatch's online detectors and
/// its judgement of accuracy beside river's and frouros' detectors, all with thresholds tuned to one rate of false alarms.
enum ConceptSuite {
    /// Rows without drift for each false alarm that is granted.
    private static let rowsPerAlarm = 10_000

    private struct Row: Decodable {
        struct Delay: Decodable {
            var median: Double?
            var mean: Double
            var missed: Int
        }

        var name: String
        var threshold: Double
        var alarms: Int
        /// For each concept that is switched to.
        var delays: [Delay]
    }

    static func run() throws {
        let repetitions = BenchmarkScale.runs(60)
        guard let streams = try ConceptStreams.load(quiet: BenchmarkScale.runs(60), repetitions: repetitions) else {
            return
        }
        let rows = streams.quiet.count * ConceptStreams.quietLength
        let allowed = max(1, rows / rowsPerAlarm)
        let rates = streams.rates.map { String(format: "%.1f %%", $0 * 100) }
        print("errors \(rates[0]) before; after a switch to concept 1, 2, 3: \(rates[1...].joined(separator: ", "))")
        print(
            "at most \(allowed) false alarms in \(rows) rows; \(repetitions) switches each: median rows (mean, missed)")
        print("!: no threshold keeps to that")
        print(line("detector", "threshold", "alarms", ["to 1", "to 2", "to 3"]))
        let own = measure(ConceptFamily.online, streams, allowed: allowed)
        for row in own { show(row, allowed: allowed) }
        // The switch falls on any row of a window.
        let judged = [200, 20].map { ConceptFamily.judgement(every: $0) }
        for row in measure(judged, streams, allowed: allowed, cutsStart: true) { show(row, allowed: allowed) }
        let peers = try peerRows(streams, allowed: allowed)
        for row in peers { show(row, allowed: allowed) }
        try compare(own, peers, allowed: allowed)
    }

    private static func measure(
        _ families: [ConceptFamily], _ streams: ConceptStreams, allowed: Int, cutsStart: Bool = false
    ) -> [Row] {
        Simulation.run(families.count, seed: 1) { stream, index in
            let family = families[index]
            let (threshold, alarms) = family.tuned(streams.quiet, allowed: allowed)
            let delays = streams.switched.map { repetitions in
                let found = repetitions.map { errors -> Int? in
                    let cut = cutsStart ? Int(stream.uniform() * 200) : 0
                    let first = ConceptStreams.warm - cut
                    let place = family.alarms(threshold, Array(errors[cut...])).first { $0 >= first }
                    return place.map { $0 - first + 1 }
                }
                return delay(found)
            }
            return Row(name: family.name, threshold: threshold, alarms: alarms, delays: delays)
        }
    }

    /// What is missed counts as all rows after the switch.
    private static func delay(_ found: [Int?]) -> Row.Delay {
        let sorted = found.map { Double($0 ?? ConceptStreams.after) }.sorted()
        let missed = found.count { $0 == nil }
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        return Row.Delay(
            median: missed * 2 < found.count ? median : nil,
            mean: sorted.reduce(0, +) / Double(sorted.count), missed: missed)
    }

    private static func peerRows(_ streams: ConceptStreams, allowed: Int) throws -> [Row] {
        let file = FileManager.default.temporaryDirectory.appending(path: "tidewatch-concept-\(getpid()).f64")
        try streams.data().write(to: file)
        defer { _ = unlink(file.path()) }
        let numbers = [
            streams.quiet.count, ConceptStreams.quietLength, streams.switched.count, streams.switched[0].count,
            ConceptStreams.warm, ConceptStreams.after, allowed,
        ]
        let output = try Peers.run(script: "concept.py", arguments: [file.path()] + numbers.map(String.init))
        guard let output else { return [] }
        return try JSONDecoder().decode([Row].self, from: Data(output.utf8))
    }

    /// For each switch the quickest of ours against the quickest of theirs, by the median, among those that keep to the
    /// rate of false alarms.
    private static func compare(_ own: [Row], _ peers: [Row], allowed: Int) throws {
        guard !peers.isEmpty else { return }
        var broken: [String] = []
        func best(_ rows: [Row], _ number: Int) -> (row: Row, median: Double)? {
            rows.filter { $0.alarms <= allowed }
                .compactMap { row in row.delays[number].median.map { (row, $0) } }
                .min { ($0.1, $0.0.delays[number].mean) < ($1.1, $1.0.delays[number].mean) }
        }
        for number in 0..<3 {
            guard let ours = best(own, number), let theirs = best(peers, number) else {
                broken.append("nobody finds the switch to concept \(number + 1)")
                continue
            }
            let said = "\(ours.row.name) \(ours.median) rows, \(theirs.row.name) \(theirs.median)"
            print("quickest, to concept \(number + 1): \(said)")
            if ours.median > theirs.median { broken.append("concept \(number + 1): \(said)") }
        }
        guard broken.isEmpty else { throw BenchmarkError(broken.joined(separator: "; ")) }
    }

    private static func show(_ row: Row, allowed: Int) {
        print(
            line(
                row.name, String(format: "%.3g", row.threshold), "\(row.alarms)" + (row.alarms > allowed ? " !" : ""),
                row.delays.map { delay in
                    let median = delay.median.map { String(format: "%.1f", $0) } ?? "never"
                    return median + String(format: " (%.1f, %d)", delay.mean, delay.missed)
                }))
    }

    private static func line(_ name: String, _ threshold: String, _ alarms: String, _ delays: [String]) -> String {
        let cells = [(name, 34), (threshold, 11), (alarms, 8)] + delays.map { ($0, 22) }
        return cells.map { $0.0.padding(toLength: $0.1, withPad: " ", startingAt: 0) }.joined()
    }
}
