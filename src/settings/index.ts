/**
 * settings: awsh's own settings file, read strictly, so that a misspelt protection is an error and
 * not silently off.
 */
export * from './edit-settings.ts';
export * from './protected.ts';
export { registryProfile } from './registries.ts';
export { sessionNaming } from './session-name.ts';
export { type SettingKey, settingKeys, settingWords } from './setting-rules.ts';
export * from './setting-states.ts';
export * from './settings.ts';
export * from './trusted-dirs.ts';
