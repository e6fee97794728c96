import Foundation
import KafkaClient
import Testing

/// kcat (apt: kcat) on the PATH, or `nil`.
private let kcat: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { URL(fileURLWithPath: String($0)).appendingPathComponent("kcat") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }

@Suite(
    .serialized, .enabled(if: kcat != nil, "needs kcat on the PATH (apt install kcat)"), .timeLimit(.minutes(5)))
struct OtherProcessTests {
    private func run(_ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = kcat
        process.arguments = arguments
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func anotherProcessProducesByAddress() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        let lines = (0..<100).map { "key\($0):line \($0)" }
        _ = try run(
            ["-P", "-b", broker.bootstrapServers, "-t", "events", "-p", "0", "-K", ":"],
            input: lines.joined(separator: "\n") + "\n")
        let reader = try Reader(broker.bootstrapServers)
        try reader.poll { reader.count >= 100 }
        #expect(reader.messages[place(0)]?.map(\.value) == (0..<100).map { "line \($0)" })
        #expect(reader.consumer.close() == nil)
    }

    @Test func anotherProcessConsumesByAddress() throws {
        let broker = try EmbeddedBroker(topics: [("events", 1)])
        try fill(broker, (0..<100).map { "line \($0)" })
        let output = try run(["-C", "-b", broker.bootstrapServers, "-t", "events", "-o", "beginning", "-e", "-q"])
        #expect(output.split(separator: "\n").map(String.init) == (0..<100).map { "line \($0)" })
    }
}
