import Foundation
import Synchronization

/// What a power failure leaves of a folder.
enum SimulatedDisk {
    /// Copies a folder as it is; `tornBytes` more bytes of a write that never came to its end follow in each journal.
    static func copy(_ folder: String, to target: String, tornBytes: Int) throws {
        try FileManager.default.copyItem(atPath: folder, toPath: target)
        for name in try FileManager.default.contentsOfDirectory(atPath: target) {
            if name.hasSuffix("-wal") {
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: target + "/" + name))
                try file.seekToEnd()
                try file.write(contentsOf: Data((0..<tornBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
                try file.close()
            } else if name.hasSuffix("-shm") {
                // Another process makes its own index of the journal.
                try FileManager.default.removeItem(atPath: target + "/" + name)
            }
        }
    }

    private static let folders = Atomic<Int>(0)

    /// A new folder, in memory where there is such a place: thousands of databases are made and synchronised. Several
    /// tests simulate the same seed at the same time, so the name alone would not do.
    static func makeFolder(_ name: String) throws -> String {
        let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        let number = folders.add(1, ordering: .relaxed).newValue
        let folder = root + "tidewatch-simulation-\(ProcessInfo.processInfo.processIdentifier)-\(number)-\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}
