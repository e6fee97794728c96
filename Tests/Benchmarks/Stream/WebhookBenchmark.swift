import Agent
import Events
import Foundation
import Synchronization

/// From the event that closes a pane, as it goes into the agent's standard input, to the alert in the receiver's hands,
/// while the agent is given events as fast as it takes them.
enum WebhookBenchmark {
    private static let secret = "whsec_" + Data("0123456789abcdef0123456789abcdef".utf8).base64EncodedString()
    private static let receiver = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../AlertingTests/Fixtures/receiver.py").standardizedFileURL.path()

    private struct Request: Decodable {
        var body: String
        var status: Int
        var verified: Bool?
    }

    private struct Body: Decodable {
        struct Details: Decodable {
            struct Window: Decodable { var end: String }
            var window: Window
        }
        var data: Details
    }

    static func run(seconds: Int) throws {
        let folder = NSTemporaryDirectory() + "tidewatch-webhook-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var events = MovingEvents()
        let closed = Mutex<[Int64: ContinuousClock.Instant]>([:])
        let delays = Mutex<[Double]>([])
        let hooks = try Child(program: "python3", ["-u", receiver, "ok", secret])
        let url = "http://127.0.0.1:\(try hooks.firstLine())/hook"
        hooks.forEachLine { line in
            guard let request = try? JSONDecoder().decode(Request.self, from: Data(line.utf8)),
                let body = try? JSONDecoder().decode(Body.self, from: Data(request.body.utf8)),
                let end = EventTime.parse(body.data.window.end), let begun = closed.withLock({ $0[end] }),
                request.verified == true
            else { return }
            delays.withLock { $0.append(begun.duration(to: .now) / .seconds(1)) }
        }
        let path = folder + "/agent.yaml"
        try configuration(folder: folder, url: url).write(toFile: path, atomically: true, encoding: .utf8)
        let agent = try Child(["webhook-agent", path])
        let started = ContinuousClock.now
        while started.duration(to: .now) < .seconds(seconds) {
            try agent.write(events.next())
            if let end = events.closedPane { closed.withLock { $0[end] = .now } }
        }
        let rate = Double(events.written) / (started.duration(to: .now) / .seconds(1))
        agent.closeInput()
        let alerts = Int(try agent.firstLine()) ?? 0
        agent.finish()
        hooks.finish()
        let sorted = delays.withLock { $0.sorted() }
        // Those of the last panes are still under way when the agent ends.
        guard sorted.count > 100, sorted.count >= alerts - 12 else {
            throw BenchmarkError(
                "\(sorted.count) webhooks of \(alerts) alerts and their ends, \(events.written) events")
        }
        func quantile(_ share: Double) -> Int { Int(1_000 * sorted[Int(share * Double(sorted.count - 1))]) }
        StreamBenchmark.say(
            String(
                format: "%d webhooks at %.0f events/s: p50 %d ms, p99 %d ms, longest %d ms", sorted.count, rate,
                quantile(0.5), quantile(0.99), quantile(1)))
    }

    /// The agent on its standard input; prints how many alerts have begun or ended.
    static func agent(configuration path: String) throws {
        let configuration = try AgentConfiguration.load(path: path, environment: [:])
        let said = Mutex((alerts: 0, problems: [String]()))
        let agent = try LiveAgent(
            configuration: configuration, brokers: nil,
            state: StateDirectory(path: configuration.agent.stateDirectory)
        ) { event in
            switch event {
            case .alert: said.withLock { $0.alerts += 1 }
            case .problem(let text): said.withLock { $0.problems.append(text) }
            default: break
            }
        }
        try agent.run()
        let found = said.withLock { $0 }
        guard found.problems.isEmpty else { throw BenchmarkError(found.problems.joined(separator: "\n")) }
        StreamBenchmark.say("\(found.alerts)")
    }

    private static func configuration(folder: String, url: String) -> String {
        """
        agent: {state_directory: "\(folder)/state", workers: 2, checkpoint_interval: 10s}
        sources: {predictions: {file: "-"}, allowed_lateness: 0s, idle_timeout: 5s}
        publish: {enabled: false}
        alerting: {webhooks: [{url: "\(url)", secrets: ["\(secret)"]}]}
        models:
          - name: bench
            task: binary
            positive: "yes"
            reference: {learn: 10000}
            window: {length: 1m, slide: 1m}
            drift:
              rules:
                - {statistic: psi, raise: 0.25, clear: 0.1}
        """
    }
}

/// Events without end, 400,000 a pane; every five panes all numbers move or come back, so that six columns alert, or are
/// well again, at once. Made once; then only ids and times are written into them.
private struct MovingEvents {
    private static let perBlock = 1_000
    private static let blocksPerPane = 400
    private static let panesPerStretch = 5

    private let usual: [EventBlock]
    private let moved: [EventBlock]
    private var block = 0
    private var pane: Int64 = 0

    private(set) var written = 0
    /// The end of the pane that the last block has closed, microseconds since 1970 UTC.
    private(set) var closedPane: Int64?

    init() {
        var source = BenchmarkEvents(total: .max)
        let events = (0..<100).map { _ in
            (0..<Self.perBlock).map { _ in source.message(EventBlock.firstNumber) + [UInt8(ascii: "\n")] }
        }
        usual = events.map(EventBlock.init)
        moved = events.map { EventBlock($0.map(Self.moved)) }
    }

    /// A digit more in front of each number.
    private static func moved(_ message: [UInt8]) -> [UInt8] {
        var text = String(decoding: message, as: UTF8.self)
        for name in ["amount", "income", "age", "balance", "ratio", "tenure"] {
            text = text.replacingOccurrences(of: "\"\(name)\":", with: "\"\(name)\":9")
        }
        return Array(text.utf8)
    }

    /// The next thousand events.
    mutating func next() -> [UInt8] {
        let blocks = Int(pane) / Self.panesPerStretch % 2 == 0 ? usual : moved
        let start = BenchmarkEvents.start + pane * BenchmarkEvents.slide
        let length = BenchmarkEvents.slide / Int64(Self.blocksPerPane)
        let bytes = blocks[block % blocks.count].bytes(
            from: EventBlock.firstNumber + written, microseconds: start + Int64(block) * length,
            step: length / Int64(Self.perBlock))
        written += Self.perBlock
        closedPane = block == 0 && pane > 0 ? start : nil
        block += 1
        if block == Self.blocksPerPane { (block, pane) = (0, pane + 1) }
        return bytes
    }
}

/// Events one after the other, with room for another id and time in each.
private struct EventBlock {
    /// Of ten digits, as all after it.
    static let firstNumber = 1_000_000_000
    private static let id = "{\"kind\":\"prediction\",\"id\":\"p-".utf8.count
    private static let time = id + 10 + "\",\"time\":".utf8.count

    private let events: [UInt8]
    /// Where each begins.
    private let starts: [Int]

    init(_ messages: [[UInt8]]) {
        events = Array(messages.joined())
        var end = 0
        starts = messages.map { message in
            defer { end += message.count }
            return end
        }
    }

    func bytes(from number: Int, microseconds: Int64, step: Int64) -> [UInt8] {
        var bytes = events
        bytes.withUnsafeMutableBufferPointer { bytes in
            func put(_ value: Int64, at place: Int, digits: Int) {
                var rest = value
                for digit in (place..<place + digits).reversed() {
                    bytes[digit] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
            }
            for (index, start) in starts.enumerated() {
                put(Int64(number + index), at: start + Self.id, digits: 10)
                put(microseconds + Int64(index) * step, at: start + Self.time, digits: 16)
            }
        }
        return bytes
    }
}
