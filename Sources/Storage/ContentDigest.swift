import Crypto

/// SHA-256 of contents, as 32 bytes or as 64 hexadecimal characters.
enum ContentDigest {
    static func bytes(of content: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: content)) }

    static func hex(of content: [UInt8]) -> String { hex(bytes(of: content)) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the text is a lower-case SHA-256 in hexadecimal; anything else must never become a path.
    static func isHex(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
