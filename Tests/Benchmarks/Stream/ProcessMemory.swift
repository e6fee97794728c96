import Foundation

/// What Linux says of a process.
enum ProcessMemory {
    /// Resident memory of this process, bytes.
    static func resident() throws -> Int {
        try field("VmRSS:") * 1_024
    }

    /// The largest resident memory so far, bytes.
    static func peak() throws -> Int {
        try field("VmHWM:") * 1_024
    }

    private static func field(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix(name) {
            return Int(
                line.split(separator: " ", omittingEmptySubsequences: true)[1].trimmingCharacters(in: .whitespaces))
                ?? 0
        }
        return 0
    }
}
