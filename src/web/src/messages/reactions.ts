/** Those that are one press away. */
export const usualEmoji = ["👍", "❤️", "😂", "😮", "😢", "🎉"];
