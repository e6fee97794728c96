import Foundation

/// The agent's memory when something in the events is new every time, next to events of which nothing is.
enum HostileBenchmark {
    /// What is new in every event.
    enum Novelty: String, CaseIterable {
        case nothing, id, category, segment, column, version, model, key
    }

    static func run(events: Int, rounds: Int) throws {
        let folder = NSTemporaryDirectory() + "tidewatch-hostile-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        StreamBenchmark.say("\n\(events) events with something new in each …")
        var children: [[String]] = []
        for novelty in Novelty.allCases {
            let path = "\(folder)/\(novelty.rawValue).jsonl"
            try BenchmarkFile.write(events, to: path) { line(novelty, $0, of: events) }
            children.append(["hostile-file", path, "\(events)", novelty.rawValue])
        }
        try StreamBenchmark.compare(children, rounds: rounds)
    }

    private static func line(_ novelty: Novelty, _ number: Int, of total: Int) -> [UInt8] {
        func new(_ what: Novelty, _ usual: String) -> String { novelty == what ? "\(what)-\(number)" : usual }
        let time = BenchmarkEvents(total: total).time(of: number)
        var text = "{\"kind\":\"prediction\",\"id\":\"\(new(.id, "p-\(number % 1_000)"))\",\"time\":\(time),"
        text +=
            "\"model\":\"\(new(.model, "bench"))\",\"version\":\"\(new(.version, "1"))\",\"\(new(.key, "unit"))\":\"u\","
        text +=
            "\"features\":{\"\(new(.column, "amount"))\":\(number % 977),\"country\":\"\(new(.category, "C\(number % 40)"))\","
        text += "\"channel\":\"\(new(.segment, "app"))\"},\"score\":0.5}"
        return Array(text.utf8)
    }
}

/// A file of lines that a benchmark makes.
enum BenchmarkFile {
    static func write(_ count: Int, to path: String, line: (Int) -> [UInt8]) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        guard let handle = FileHandle(forWritingAtPath: path) else { throw BenchmarkError("\(path) cannot be written") }
        var block: [UInt8] = []
        for number in 0..<count {
            block += line(number) + [0x0A]
            guard block.count > 4 << 20 || number == count - 1 else { continue }
            try handle.write(contentsOf: block)
            block.removeAll(keepingCapacity: true)
        }
        try handle.close()
    }
}
