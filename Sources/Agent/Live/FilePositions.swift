import Events
import Foundation
import Synchronization

/// Where in a file the record with an offset is, for the newest offsets that were read: so that a checkpoint, which covers
/// offsets, can say where to go on.
final class FilePositions: Sendable {
    /// By what is read: a file's path.
    private struct State: Codable {
        /// Of this layout (docs/checkpoints.md).
        var version = 1
        /// In the order of the streams.
        var paths: [String] = []
        var resumptions: [String: [FollowedSource.Resumption]] = [:]
    }

    /// More of them are thinned; reading then goes on a little earlier, and what comes again is left out by its offset.
    private static let maximumPerFile = 4_096

    private let state: Mutex<State>

    /// - Parameter saved: what ``encoded(covering:)`` gave.
    init(saved: [UInt8]? = nil) throws {
        state = Mutex(try saved.map { try JSONDecoder().decode(State.self, from: Data($0)) } ?? State())
    }

    /// These files are read from now on, in the order of the streams; what was known of others is forgotten.
    func begin(_ paths: [String]) {
        state.withLock { state in
            state.paths = paths
            state.resumptions = state.resumptions.filter { paths.contains($0.key) }
        }
    }

    /// Reading of a file goes on here for the records behind those read so far.
    func note(_ resumption: FollowedSource.Resumption, of path: String) {
        state.withLock { state in
            if state.resumptions[path, default: []].count >= Self.maximumPerFile {
                state.resumptions[path] = state.resumptions[path]?.enumerated().filter { $0.offset % 2 == 0 }
                    .map(\.element)
            }
            // In place: this happens with every batch.
            state.resumptions[path, default: []].append(resumption)
        }
    }

    /// Where to go on so that the record with this offset comes, or one shortly before it; `nil` where nothing is known
    /// of the file.
    func resumption(of path: String, at offset: Int64) -> FollowedSource.Resumption? {
        state.withLock { $0.resumptions[path]?.last { $0.offset <= offset } }
    }

    /// What a checkpoint keeps that covers these offsets of the one partition, of its first and second stream; `nil` where
    /// no files are read.
    func encoded(covering offsets: [Int32: [Int64?]]) throws -> [UInt8]? {
        let kept = state.withLock { state in
            for (path, offset) in zip(state.paths, offsets[0] ?? []) {
                let known = state.resumptions[path] ?? []
                let first = known.lastIndex { $0.offset <= offset ?? 0 } ?? 0
                state.resumptions[path] = Array(known.dropFirst(first))
            }
            return State(paths: state.paths, resumptions: state.resumptions.compactMapValues { $0.first.map { [$0] } })
        }
        guard !kept.paths.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Array(try encoder.encode(kept))
    }
}
